// Clusters of several silos that ran side by side would share the few cores of a small machine, and be too slow for each other's deadlines.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

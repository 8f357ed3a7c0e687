// Silos of one process share the table of its endpoints: clusters that ran side by side could be given the same port.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

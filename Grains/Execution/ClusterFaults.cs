namespace Orleans.Dask.Grains.Execution;

/// <summary>What befalls every cluster: a silo that went, or did not answer in time. A log tells it in one line, without the way it took.</summary>
internal static class ClusterFaults
{
    extension(Exception exception)
    {
        /// <summary>The exception itself, with its stack for the log, where it is none of those.</summary>
        public Exception? Unexpected => exception is OrleansException or TimeoutException ? null : exception;
    }
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>What a task threw, as its caller sees it.</summary>
internal static class Failure
{
    /// <summary>Of a state that ended with an error.</summary>
    public static Exception Of(FutureState state) => state.Result as Exception ?? Of((TaskError)state.Result!);

    private static TaskFailedException Of(TaskError error)
    {
        Exception thrown;
        try
        {
            thrown = (Exception)ValueCoding.Decode(error.Exception, typeof(Exception))!;
        }
        catch (PayloadException undecodable)
        {
            thrown = new InvalidOperationException($"The task threw something that can't be rebuilt here: {undecodable.Message}", undecodable);
        }

        return new TaskFailedException(error.Failed, error.Worker, error.Attempt, thrown);
    }
}

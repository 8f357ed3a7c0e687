namespace Orleans.Embedded;

/// <summary>A call that waits for its answer. Completed once, by whoever comes first: answer, timeout, cancellation, a dead silo.</summary>
internal abstract class PendingCall : Turn
{
    private int _done;

    protected PendingCall(Message request, RuntimeClient owner)
    {
        Request = request;
        Owner = owner;
    }

    public Message Request { get; }

    /// <summary>Where it waits in its <see cref="CallTable"/>.</summary>
    public long Id { get; set; }

    /// <summary>Ticks of the table's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>The node it was last sent to; null while it is addressed.</summary>
    public NodeAddress? SentTo { get; set; }

    public CancellationTokenRegistration Cancellation { get; set; }

    public bool IsDone => Volatile.Read(ref _done) != 0;

    /// <summary>There is no point in running it any more.</summary>
    public virtual bool IsGivenUp => IsDone;

    /// <summary>The silo or client that made the call.</summary>
    public RuntimeClient Owner { get; }

    public bool TryComplete(Response answer)
    {
        if (!Finish())
        {
            return false;
        }

        SetAnswer(answer);
        return true;
    }

    public bool TryFail(Exception exception)
    {
        if (!Finish())
        {
            return false;
        }

        SetFailure(exception);
        return true;
    }

    protected abstract void SetAnswer(Response answer);

    protected abstract void SetFailure(Exception exception);

    private bool Finish()
    {
        if (Interlocked.Exchange(ref _done, 1) != 0)
        {
            return false;
        }

        // Not Dispose: that would wait for a cancellation that is just running.
        Cancellation.Unregister();
        return true;
    }
}

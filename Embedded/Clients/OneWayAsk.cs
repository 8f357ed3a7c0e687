namespace Orleans.Embedded;

/// <summary>A one-way call that asks for an answer, for its <see cref="OneWayGates"/> alone.</summary>
internal sealed class OneWayAsk(Message call, RuntimeClient owner, Action ended) : PendingCall(call, owner), IThreadPoolWorkItem
{
    /// <summary>Its caller never waited: however long it takes, it is to run.</summary>
    public override bool IsGivenUp => false;

    public override void Run(TurnQueue queue) => Execute();

    public void Execute() => ended();

    protected override void SetAnswer(Response answer)
    {
        if (answer.Exception is { } exception)
        {
            Owner.Unheard(Request, exception);
        }

        // Never on the thread that brought the answer: that one is in somebody else's turn.
        Owner.Environment.Turns.Schedule(this);
    }

    protected override void SetFailure(Exception exception)
    {
        if (exception is not TimeoutException)
        {
            Owner.Unheard(Request, exception);
        }

        Owner.Environment.Turns.Schedule(this);
    }
}

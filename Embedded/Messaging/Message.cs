using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Kinds of <see cref="Message"/>, as they stand on the wire.</summary>
internal enum MessageKind : byte
{
    Request = 1,
    OneWay = 2,
    Response = 3,
    Cancel = 4,

    /// <summary>To the caller of a request: it went on to another silo.</summary>
    SentOn = 5,
}

/// <summary>
/// One message on its way: a request with its call, an answer, or the cancelling of a request. A request is also the turn in which
/// its activation starts it, and waits in the activation's list: no other object is made for it there.
/// </summary>
internal sealed class Message : Turn
{
    public required MessageKind Kind { get; set; }

    /// <summary>Number of the request at its caller; an answer and a cancel carry the same.</summary>
    public long Id { get; set; }

    /// <summary>Whose request it is.</summary>
    public required NodeAddress Caller { get; init; }

    /// <summary>The gateway through which a client's request came: it knows the way back.</summary>
    public SiloAddress? Gateway { get; set; }

    public GrainId Target { get; init; }

    /// <summary>The call of a request.</summary>
    public Invocation Call { get; set; } = null!;

    /// <summary>The caller no longer holds on to the call's arguments.</summary>
    public bool OwnsCall { get; set; }

    public ContextValues? Context { get; set; }

    /// <summary>Its receiver was chosen to host a grain that had no activation.</summary>
    public bool NewPlacement { get; set; }

    /// <summary>The connection that takes its answer back; null for those of this process.</summary>
    public IConnection? CameBy { get; set; }

    /// <summary>Bytes it had on the wire, when it came that way.</summary>
    public int Size { get; set; }

    /// <summary>Completes when a one-way call that has to wait for its receiver has left; null when it need not wait.</summary>
    public TaskCompletionSource? Departure { get; private set; }

    /// <summary>How many silos sent it on.</summary>
    public int Hops { get; set; }

    /// <summary>The waiting caller when it lives in this process and the answer needs no sending.</summary>
    public PendingCall? LocalCaller { get; set; }

    /// <summary>Behind the call's token, when the request came from another node and its caller may cancel it.</summary>
    public CancellationTokenSource? Cancellation { get; set; }

    /// <summary>Where a request went on to that may still be cancelled, and when.</summary>
    public SiloAddress? SentOnTo { get; set; }

    public long SentOnAt { get; set; }

    /// <summary>Its caller gave it up before it left: there is no point in running it.</summary>
    public bool IsGivenUp => LocalCaller is { IsGivenUp: true } || Cancellation is { IsCancellationRequested: true };

    /// <summary>The answer of a response.</summary>
    public Response Answer { get; set; } = null!;

    /// <summary>The silo whose activation answered; null when nothing is learnt about where the grain is.</summary>
    public SiloAddress? AnsweredBy { get; set; }

    /// <summary>Counts among the read-only calls of its activation.</summary>
    public bool RunsReadOnly { get; set; }

    /// <summary>Counts among the calls that keep others out of their activation.</summary>
    public bool RunsExclusive { get; set; }

    /// <summary>Not 0: asks for more of the sequence that the caller's request of this number began; one-way: ends it.</summary>
    public long Sequence { get; init; }

    public bool Interleaves => Sequence != 0 || Call.Method.AlwaysInterleave;

    /// <summary>A call of the program, that may wait when its receiver is slow; the silos' own messages may not.</summary>
    public bool MayWait => Kind is MessageKind.Request or MessageKind.OneWay && !NodeGrains.IsSystem(Target);

    /// <summary>It stays here for a while: the caller's arguments are copied, and a one-way caller has something to await.</summary>
    public void Keep(RuntimeClient sender)
    {
        TakeCall(sender);
        if (Kind == MessageKind.OneWay)
        {
            Departure = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Before the caller goes on: what it changes in its arguments later must not be seen by the receiver.</summary>
    public void TakeCall(RuntimeClient receiver)
    {
        if (!OwnsCall)
        {
            Call = CallFor(receiver);
            OwnsCall = true;
        }
    }

    /// <summary>Where it is to run: a call that was relayed is read now.</summary>
    /// <returns>False: it cannot be read, and was rejected.</returns>
    public bool TryReadCall(RuntimeClient receiver)
    {
        try
        {
            if (Call is RelayedCall relayed)
            {
                Call = relayed.Read(Sequence, receiver);
            }

            TakeCall(receiver);
            return true;
        }
        catch (Exception e) when (Call is RelayedCall)
        {
            receiver.Finished(this);
            receiver.Reject(this, e);
            return false;
        }
    }

    /// <summary>A copy of the call whose references call through the receiver.</summary>
    public Invocation CallFor(RuntimeClient receiver)
    {
        CopyContext.Receiver = receiver;
        try
        {
            var copy = Call.CopyForLocalCall();
            copy.CancellationToken = Call.CancellationToken;
            return copy;
        }
        finally
        {
            CopyContext.Receiver = null;
        }
    }

    public override void Run(TurnQueue queue) => ((ICallQueue)queue).Begin(this);

    public override string ToString() => $"{Kind} {Id} {Target} {(Call is null ? "" : $"{Call.InterfaceAlias} {Call.MethodIndex}")}";
}

/// <summary>A queue of turns that takes requests.</summary>
internal interface ICallQueue
{
    void Begin(Message request);
}

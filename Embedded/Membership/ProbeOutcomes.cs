using System.Net.Sockets;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>How a probe ended.</summary>
internal enum ProbeOutcome
{
    Answered,

    /// <summary>Nothing came in time: dead, hung, cut off or only slow.</summary>
    Silent,

    /// <summary>Nobody listens there: where processes share a machine, a sure sign.</summary>
    Refused,
}

/// <summary>What an error says of the silo that was probed.</summary>
internal static class ProbeOutcomes
{
    /// <param name="error">Why there is no answer.</param>
    /// <param name="took">From the beginning of the probe until the error.</param>
    /// <param name="timeout">What there was for it.</param>
    /// <returns>Null: nothing, since it went wrong at home, or the other side answered with an error.</returns>
    public static ProbeOutcome? Of(Exception error, TimeSpan took, TimeSpan timeout) => error switch
    {
        // An answer takes some turns of this process: where each is late by a third of the time, none comes in time. And a clock that
        // rang later than that by far says that this process was stopped.
        TimeoutException => took < timeout * 1.5 ? ProbeOutcome.Silent : null,
        SiloUnavailableException { InnerException: var why } => OfConnecting(why is ConnectionFailedException ? why.InnerException : why),
        _ => null,
    };

    private static ProbeOutcome? OfConnecting(Exception? cause) => cause switch
    {
        // A connection that broke, or another silo at the address.
        null => ProbeOutcome.Refused,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ProbeOutcome.Refused,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable } => null,

        // Somebody may listen who is crowded, and hung up before saying who it is.
        _ => ProbeOutcome.Silent,
    };
}

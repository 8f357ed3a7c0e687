using System.Net;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Without TLS the engine's wire is proven but not encrypted: it stays on the machine.</summary>
internal static class OffLoopback
{
    /// <returns>Why this address may not be used; null if it may.</returns>
    public static string? Forbids(IPAddress address, Tls? tls) => tls is not null || IPAddress.IsLoopback(address)
        ? null
        : $"The embedded engine does not use {address} without TLS: off loopback its connections would not be encrypted."
            + " Call UseTls on every silo and client with a certificate of the cluster (TlsOptions.Certificate, and TrustedAuthorities or Thumbprints);"
            + " or set EndpointOptions.AdvertisedIPAddress to 127.0.0.1; or build with -p:Engine=Orleans and configure UseTls there.";

    /// <exception cref="OrleansConfigurationException">The address may not be used.</exception>
    public static void Check(IPAddress address, Tls? tls)
    {
        if (Forbids(address, tls) is { } reason)
        {
            throw new OrleansConfigurationException(reason);
        }
    }
}

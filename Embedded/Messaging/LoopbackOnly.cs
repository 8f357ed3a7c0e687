using System.Net;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The embedded engine's wire is proven but not encrypted: it stays on the machine.</summary>
internal static class LoopbackOnly
{
    public static void Check(IPAddress address)
    {
        if (!IPAddress.IsLoopback(address))
        {
            throw new OrleansConfigurationException(
                $"The embedded engine does not listen on {address}: off loopback its connections would not be encrypted."
                + " Set EndpointOptions.AdvertisedIPAddress to 127.0.0.1, or build with -p:Engine=Orleans and configure UseTls for a cluster of several machines.");
        }
    }
}

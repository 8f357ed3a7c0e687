using System.Security.Cryptography.X509Certificates;

namespace Orleans.Embedded;

/// <summary>
/// Mutual TLS between processes: each side shows a certificate, and accepts one of the other that it trusts. Who is trusted is the
/// cluster's own business: the machine's list of authorities plays no part, nor do names of hosts.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>This node's certificate, with its private key. Not set: no TLS, and nothing off loopback.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Certificates that one of these has issued are trusted. Take an authority that issues for this cluster alone.</summary>
    public X509Certificate2Collection TrustedAuthorities { get; } = [];

    /// <summary>Certificates with one of these SHA-256 thumbprints (hex) are trusted, whoever issued them.</summary>
    public IList<string> Thumbprints { get; } = [];
}

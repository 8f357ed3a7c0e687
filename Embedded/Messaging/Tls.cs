using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// A node's side of mutual TLS. What is wrong with a peer's certificate is said after the TLS handshake, over the encrypted
/// connection (see <see cref="Handshake"/>): an alert in the middle of it would tell the peer nothing it could act on.
/// </summary>
internal sealed class Tls
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;
    private readonly HashSet<string> _thumbprints;
    private readonly TimeProvider _time;

    private Tls(X509Certificate2 certificate, X509Certificate2Collection authorities, HashSet<string> thumbprints, TimeProvider time) =>
        (_certificate, _authorities, _thumbprints, _time) = (certificate, authorities, thumbprints, time);

    /// <returns>Null when nothing is set.</returns>
    public static Tls? From(TlsOptions options, TimeProvider time)
    {
        var trustsSomebody = options.TrustedAuthorities.Count > 0 || options.Thumbprints.Count > 0;
        if (options.Certificate is not { } certificate)
        {
            return trustsSomebody
                ? throw new OrleansConfigurationException("TlsOptions say who is trusted, and lack a certificate of this node. Set TlsOptions.Certificate.")
                : null;
        }

        if (!certificate.HasPrivateKey)
        {
            throw new OrleansConfigurationException($"TlsOptions.Certificate, {NameOf(certificate)}, has no private key. Load it with its key, from a PFX file or with X509Certificate2.CreateFromPemFile.");
        }

        if (!trustsSomebody)
        {
            throw new OrleansConfigurationException("TlsOptions trust nobody. Set TrustedAuthorities to the authority that issues this cluster's certificates, or Thumbprints to those of its nodes.");
        }

        var thumbprints = options.Thumbprints.Select(text => text.Replace(":", "", StringComparison.Ordinal).Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return thumbprints.FirstOrDefault(text => text.Length != 2 * SHA256.HashSizeInBytes) is { } wrong
            ? throw new OrleansConfigurationException($"'{wrong}' in TlsOptions.Thumbprints is not a SHA-256 thumbprint: expected {2 * SHA256.HashSizeInBytes} hex digits (openssl x509 -fingerprint -sha256).")
            : new Tls(certificate, options.TrustedAuthorities, thumbprints, time);
    }

    /// <exception cref="AuthenticationException">The other side speaks no TLS, or another kind.</exception>
    /// <exception cref="IOException">It hung up.</exception>
    public async Task<SslStream> ConnectAsync(Stream stream, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "",
                ClientCertificates = [_certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificate,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = IsThereOne,
            },
            cancellationToken);
        return secured;
    }

    /// <inheritdoc cref="ConnectAsync"/>
    public async Task<SslStream> AcceptAsync(Stream stream, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = IsThereOne,
            },
            cancellationToken);
        return secured;
    }

    /// <summary>Only whether there is one: <see cref="Distrusts"/> judges it, before anything else is read or said.</summary>
    private static bool IsThereOne(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    /// <returns>Why the certificate that the peer has shown is not accepted; null if it is.</returns>
    public string? Distrusts(SslStream stream)
    {
        if (stream.RemoteCertificate is null)
        {
            return "It showed no certificate. Set TlsOptions.Certificate there.";
        }

        using var shown = new X509Certificate2(stream.RemoteCertificate);
        var now = _time.GetUtcNow();
        if (now < shown.NotBefore.ToUniversalTime() || now > shown.NotAfter.ToUniversalTime())
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Its certificate, {NameOf(shown)}, is valid from {shown.NotBefore.ToUniversalTime():u} to {shown.NotAfter.ToUniversalTime():u}, and it is {now:u} here. Give it a valid one, or correct the clocks.");
        }

        if (_thumbprints.Contains(shown.GetCertHashString(HashAlgorithmName.SHA256)))
        {
            return null;
        }

        return _authorities.Count > 0 && IsIssuedByTrusted(shown, now)
            ? null
            : $"Its certificate, {NameOf(shown)}, is trusted by nobody here: issued by '{shown.Issuer}', which is not among TlsOptions.TrustedAuthorities, and not among TlsOptions.Thumbprints. Give it a certificate of this cluster's authority, or add its thumbprint here.";
    }

    private bool IsIssuedByTrusted(X509Certificate2 shown, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return chain.Build(shown);
    }

    private static string NameOf(X509Certificate2 certificate) => $"'{certificate.Subject}' ({certificate.GetCertHashString(HashAlgorithmName.SHA256)})";
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Embedded;
using Orleans.Runtime.Messaging;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>Mutual TLS, over TCP on loopback, with certificates made here.</summary>
public sealed class TlsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly X509Certificate2 s_authority = Authority("the cluster's");
    private static readonly X509Certificate2 s_foreign = Authority("another one's");
    private static readonly X509Certificate2 s_node = Issue(s_authority, "a node", -1, 1);

    [Fact]
    public async Task Nodes_with_certificates_of_the_clusters_authority_understand_each_other()
    {
        await using var cluster = await StartAsync(2, Trusting(s_authority, s_node));
        var client = await cluster.AddClientAsync(b => b.UseTls(Trusting(s_authority, Issue(s_authority, "a client", -1, 1))));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i + 1, await client.GetGrain<IEchoGrain>($"{i}").AddAsync(i, 1));
        }

        Assert.Equal(4 << 20, await client.GetGrain<IEchoGrain>("bulk").LengthAsync(new byte[4 << 20]));
        Assert.Equal(4 << 20, (await client.GetGrain<IEchoGrain>("bulk").BytesAsync(4 << 20)).Length);
    }

    [Fact]
    public async Task A_certificate_may_be_trusted_by_its_thumbprint_alone()
    {
        var client = Issue(s_foreign, "known by its thumbprint", -1, 1);
        await using var cluster = await StartAsync(1, o =>
        {
            o.Certificate = s_node;
            o.Thumbprints.Add(client.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant());
        });
        var connected = await cluster.AddClientAsync(b => b.UseTls(Trusting(s_authority, client)));
        Assert.Equal(3, await connected.GetGrain<IEchoGrain>("pinned").AddAsync(1, 2));
    }

    public static TheoryData<string, string> BadCertificates => new()
    {
        { "expired", "is valid from" },
        { "not yet valid", "is valid from" },
        { "of a foreign authority", "issued by 'CN=another one's'" },
        { "signed by itself", "issued by 'CN=myself'" },
    };

    [Theory, MemberData(nameof(BadCertificates))]
    public async Task A_client_with_a_bad_certificate_is_refused_and_both_sides_say_why(string kind, string reason)
    {
        var log = new LogLines();
        await using var cluster = await StartAsync(1, Trusting(s_authority, s_node), log);
        var client = cluster.NewClient(b => b.UseTls(Trusting(s_authority, Bad(kind))));
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        await client.StopAsync();
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, await log.First, StringComparison.Ordinal);
        Assert.Single(log.All);
    }

    [Theory, MemberData(nameof(BadCertificates))]
    public async Task A_silo_with_a_bad_certificate_is_not_trusted_and_both_sides_say_why(string kind, string reason)
    {
        var log = new LogLines();
        await using var cluster = await StartAsync(1, Trusting(s_authority, Bad(kind)), log);
        var client = cluster.NewClient(b => b.UseTls(Trusting(s_authority, Issue(s_authority, "a client", -1, 1))));
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        await client.StopAsync();
        Assert.Contains("is not trusted", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);

        Assert.Contains(reason, await log.First, StringComparison.Ordinal);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task A_client_without_tls_is_told_that_the_silo_wants_it()
    {
        var log = new LogLines();
        await using var cluster = await StartAsync(1, Trusting(s_authority, s_node), log);
        var client = cluster.NewClient(b => b.Configure<ClientSetup>(s => s.ConnectTimeout = TimeSpan.Zero));
        var error = await Assert.ThrowsAnyAsync<OrleansException>(() => client.StartAsync());
        await client.StopAsync();
        Assert.Contains("UseTls", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseTls", await log.First, StringComparison.Ordinal);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task A_client_with_tls_is_told_that_the_silo_has_none()
    {
        var log = new LogLines();
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b => log.AddTo(b.Services));
        var client = cluster.NewClient(b =>
        {
            b.UseTls(Trusting(s_authority, s_node));
            b.Configure<ClientSetup>(s => s.ConnectTimeout = TimeSpan.Zero);
        });
        var error = await Assert.ThrowsAnyAsync<OrleansException>(() => client.StartAsync());
        await client.StopAsync();
        Assert.Contains("UseTls", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseTls", await log.First, StringComparison.Ordinal);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task The_clusters_secret_is_asked_for_all_the_same()
    {
        await using var cluster = await StartAsync(1, Trusting(s_authority, s_node));
        var client = cluster.NewClient(b =>
        {
            b.UseTls(Trusting(s_authority, s_node));
            b.Configure<ClusterSecretOptions>(o => o.Secret = new byte[32]);
        });
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        await client.StopAsync();
        Assert.Contains("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_certificates_addresses_off_loopback_may_be_used()
    {
        var options = new TlsOptions();
        Trusting(s_authority, s_node)(options);
        Assert.Null(OffLoopback.Forbids(System.Net.IPAddress.Parse("192.0.2.1"), Tls.From(options, TimeProvider.System)));
        Assert.NotNull(OffLoopback.Forbids(System.Net.IPAddress.Parse("192.0.2.1"), null));
    }

    [Fact]
    public void Options_that_cannot_work_say_what_is_missing()
    {
        using var withoutKey = X509CertificateLoader.LoadCertificate(s_node.RawData);
        Assert.Contains("private key", Wrong(o => o.Certificate = withoutKey), StringComparison.Ordinal);
        Assert.Contains("TrustedAuthorities", Wrong(o => o.Certificate = s_node), StringComparison.Ordinal);
        Assert.Contains("TlsOptions.Certificate", Wrong(o => o.TrustedAuthorities.Add(s_authority)), StringComparison.Ordinal);
        Assert.Contains("64 hex digits", Wrong(o =>
        {
            o.Certificate = s_node;
            o.Thumbprints.Add("12:34");
        }), StringComparison.Ordinal);
    }

    private static string Wrong(Action<TlsOptions> set)
    {
        var options = new TlsOptions();
        set(options);
        return Assert.Throws<OrleansConfigurationException>(() => Tls.From(options, TimeProvider.System)).Message;
    }

    private static Task<InProcessCluster> StartAsync(int silos, Action<TlsOptions> tls, LogLines? log = null) => InProcessCluster.StartAsync(silos, new TcpNetwork(), b =>
    {
        b.UseTls(tls);
        log?.AddTo(b.Services);
    });

    private static Action<TlsOptions> Trusting(X509Certificate2 authority, X509Certificate2 own) => o =>
    {
        o.Certificate = own;
        o.TrustedAuthorities.Add(X509CertificateLoader.LoadCertificate(authority.RawData));
    };

    private static X509Certificate2 Bad(string kind) => kind switch
    {
        "expired" => Issue(s_authority, "too late", -9, -1),
        "not yet valid" => Issue(s_authority, "too early", 1, 9),
        "of a foreign authority" => Issue(s_foreign, "a stranger", -1, 1),
        _ => Authority("myself"),
    };

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, int fromDay, int toDay)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var issued = request.Create(authority, Now.AddDays(fromDay), Now.AddDays(toDay), [1, 2, 3, .. Guid.NewGuid().ToByteArray().AsSpan(0, 5)]);
        return issued.CopyWithPrivateKey(key);
    }
}

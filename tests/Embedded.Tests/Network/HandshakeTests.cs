using System.Net;
using System.Net.Sockets;
using System.Text;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Runtime.Messaging;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>Who may come in, and what those who may not are told.</summary>
public sealed class HandshakeTests
{
    public static TheoryData<bool> Networks => [true, false];

    [Theory, MemberData(nameof(Networks))]
    public async Task A_client_of_another_cluster_is_refused_and_told_both_names(bool tcp)
    {
        await using var cluster = await StartAsync(tcp);
        var client = cluster.NewClient(b => b.Configure<ClusterOptions>(o => o.ClusterId = "elsewhere"));
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        Assert.Contains("'elsewhere'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'default'", error.Message, StringComparison.Ordinal);
        await client.StopAsync();
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task A_client_without_the_secret_is_refused_and_told_what_to_set(bool tcp)
    {
        await using var cluster = await StartAsync(tcp);
        var client = cluster.NewClient(b => b.Configure<ClusterSecretOptions>(o => o.Secret = new byte[32]));
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        Assert.Contains(ClusterSecretOptions.FileVariable, error.Message, StringComparison.Ordinal);
        await client.StopAsync();
    }

    [Fact]
    public async Task A_stranger_at_the_door_changes_nothing()
    {
        await using var cluster = await StartAsync(tcp: true);
        var random = new Random(20261121);
        for (var i = 0; i < 50; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(cluster.First.GatewayAddress.Endpoint);
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await Visitor.ReceiveAllAsync(socket));
        }

        Assert.Equal(3, await (await cluster.AddClientAsync()).GetGrain<IEchoGrain>("still").AddAsync(1, 2));
    }

    [Fact]
    public async Task A_client_of_another_engine_is_told_which_engine_is_here()
    {
        await using var cluster = await StartAsync(tcp: true);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(cluster.First.GatewayAddress.Endpoint);
        byte[] hello = [1, 8, .. "Orleans"u8];
        await socket.SendAsync((byte[])[.. "OrlEmb\r\n"u8, .. BitConverter.GetBytes(hello.Length), .. hello]);
        var answer = new byte[1024];
        var length = await socket.ReceiveAsync(answer);
        var text = Encoding.UTF8.GetString(answer, 0, length);
        Assert.Contains("'Embedded'", text, StringComparison.Ordinal);
        Assert.Contains("-p:Engine", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_silo_of_this_engine_is_named_with_the_remedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener);
        await using var cluster = await StartAsync(tcp: true);
        var client = cluster.NewClient(b => b.Configure<ClientSetup>(s =>
        {
            s.Gateways.Clear();
            s.Gateways.Add((IPEndPoint)listener.LocalEndpoint);
        }));
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => client.StartAsync());
        Assert.Contains("-p:Engine=Orleans", error.Message, StringComparison.Ordinal);
        await client.StopAsync();
        await answering;
    }

    [Fact]
    public void Off_loopback_a_silo_refuses_to_listen_and_says_what_to_set()
    {
        var error = Assert.Throws<OrleansConfigurationException>(() => ByHand.Silo(b => b
            .ConfigureEndpoints(IPAddress.Parse("192.0.2.1"), 11111, 30000)
            .Configure<ClusterSecretOptions>(o => o.Secret = InProcessCluster.Secret)));
        Assert.Contains("UseTls", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:Engine=Orleans", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_was_recorded_opens_no_door_a_second_time()
    {
        var log = new LogLines();
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b => log.AddTo(b.Services));
        const int Key = 99_001;
        var counter = cluster.First.GrainFactory.GetGrain<IOnlyGrain>(Key);
        Assert.Equal(1, (await counter.NextAsync()).Count);
        var visitor = new Visitor(cluster.First);
        var call = GrainInterfaces.Get(typeof(IOnlyGrain)).Methods.Single(m => m.Name == "Next").Create();
        byte[] recorded;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(cluster.First.GatewayAddress.Endpoint);
            await using var stream = new Recording(socket);
            await Handshake.ConnectAsync(stream, visitor, "the silo", CancellationToken.None);
            await stream.WriteAsync(visitor.Frame(17, counter.GetGrainId(), call));
            using var answers = new FrameReader(stream, 1 << 20);
            while (!IsAnswered(answers))
            {
                Assert.True(await answers.FillAsync());
            }

            recorded = stream.Written;
        }

        Assert.Equal(3, (await counter.NextAsync()).Count);
        using (var thief = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await thief.ConnectAsync(cluster.First.GatewayAddress.Endpoint);
            await thief.SendAsync(recorded);
            await Visitor.ReceiveAllAsync(thief);
        }

        Assert.Contains("secret", await log.First, StringComparison.Ordinal);
        Assert.Single(log.All);
        Assert.Equal(4, (await counter.NextAsync()).Count);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_secret_file_must_be_the_owners_alone()
    {
        var file = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllText(file, Convert.ToHexString(InProcessCluster.Secret));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            var options = new ClusterSecretOptions { File = file };
            var error = Assert.Throws<OrleansConfigurationException>(() => options.Read("any", SystemRandomness.Instance));
            Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Equal(InProcessCluster.Secret, options.Read("any", SystemRandomness.Instance).ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<InProcessCluster> StartAsync(bool tcp) => InProcessCluster.StartAsync(network: tcp ? new TcpNetwork() : new MemoryNetwork());

    private static async Task AnswerAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await Visitor.ReceiveAllAsync(socket);
    }

    /// <summary>Among what came is an answer; the cluster's members, of whom every client is told, may come before it.</summary>
    private static bool IsAnswered(FrameReader reader)
    {
        while (reader.TryRead(out var message, out _))
        {
            if (message[0] == (byte)MessageKind.Response)
            {
                return true;
            }
        }

        return false;
    }
}

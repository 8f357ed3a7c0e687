using System.Net;
using System.Net.Sockets;
using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>A receiver that takes nothing: who waits, who does not, and what it costs.</summary>
public sealed class BackPressureTests
{
    private const int Ahead = 1 << 20;
    private const int Big = 256 * 1024;

    [Fact]
    public async Task Calls_to_a_receiver_that_does_not_read_wait_unwritten_and_leave_when_it_reads_again()
    {
        await using var cluster = await StartAsync();
        await using var deaf = await DeafReceiver.StartAsync(cluster.First);
        var bytes = new byte[Big];
        var sent = Enumerable.Range(0, 400).Select(i => deaf.Call(i, MessageKind.Request, "Length", bytes)).ToArray();
        Assert.All(sent, call => Assert.True(deaf.Sender.Send(call)));
        Assert.InRange(deaf.Sender.Unsent, Ahead / 2, Ahead + (2 * Big));
        Assert.InRange(deaf.Sender.Waiting, 350, 400);

        var got = await deaf.ReadAsync(sent.Length);
        Assert.Equal(sent.Select(call => call.Id), got);
        await deaf.Sender.FlushAsync();
        Assert.Equal((0L, 0), (deaf.Sender.Unsent, deaf.Sender.Waiting));
    }

    [Fact]
    public async Task One_way_callers_wait_as_well_when_they_await()
    {
        await using var cluster = await StartAsync();
        await using var deaf = await DeafReceiver.StartAsync(cluster.First);
        var bytes = new byte[Big];
        var sent = Enumerable.Range(0, 100).Select(i => deaf.Call(i, MessageKind.OneWay, "Length", bytes)).ToArray();
        Assert.All(sent, call => Assert.True(deaf.Sender.Send(call)));
        Assert.Null(sent[0].Departure);
        Assert.False(sent[^1].Departure!.Task.IsCompleted);
        await deaf.ReadAsync(sent.Length);
        await sent[^1].Departure!.Task;
    }

    [Fact]
    public async Task The_silos_own_messages_and_answers_do_not_wait_behind_calls()
    {
        await using var cluster = await StartAsync();
        await using var deaf = await DeafReceiver.StartAsync(cluster.First);
        var bytes = new byte[Big];
        for (var i = 0; i < 400; i++)
        {
            deaf.Sender.Send(deaf.Call(i, MessageKind.Request, "Length", bytes));
        }

        var (waiting, unsent) = (deaf.Sender.Waiting, deaf.Sender.Unsent);
        deaf.Sender.Send(deaf.Probe(1000));
        deaf.Sender.Send(deaf.Answer(1001));
        Assert.Equal(waiting, deaf.Sender.Waiting);
        Assert.InRange(deaf.Sender.Unsent, unsent + 1, unsent + 1000);

        // They overtake all that had not left: of the calls only what lay in the kernel's buffers is ahead of them.
        var got = await deaf.ReadAsync(402);
        Assert.InRange(got.IndexOf(1000), 0, 30);
        Assert.InRange(got.IndexOf(1001), 0, 30);
    }

    [Fact]
    public async Task Calls_that_waited_when_the_connection_ends_are_told_that_they_did_not_run()
    {
        await using var cluster = await StartAsync();
        await using var deaf = await DeafReceiver.StartAsync(cluster.First);
        var bytes = new byte[Big];
        var last = deaf.Call(0, MessageKind.OneWay, "Length", bytes);
        for (var i = 0; i < 100; i++)
        {
            deaf.Sender.Send(last = deaf.Call(i, MessageKind.OneWay, "Length", bytes));
        }

        deaf.Sender.Close("the test ended it");
        await last.Departure!.Task;
        Assert.Equal((0, false), (deaf.Sender.Waiting, deaf.Sender.Send(last)));
    }

    [Fact]
    public async Task A_client_that_asks_for_much_and_does_not_read_costs_little_and_disturbs_nobody()
    {
        await using var cluster = await StartAsync();
        var silo = cluster.First;
        var visitor = new Visitor(silo);
        await using var stream = await visitor.EnterAsync();
        const int Asked = 500;
        for (var i = 1; i <= Asked; i++)
        {
            await stream.WriteAsync(visitor.Frame(i, GrainId.Create("echo", $"big {i % 7}"), BytesCall(1 << 20)));
        }

        // Another client is served as if nothing were; when it has been, the requests of the first have long come.
        var other = await cluster.AddClientAsync();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i, await other.GetGrain<IEchoGrain>($"other {i % 7}").AddAsync(i, 0));
            Assert.Equal(1 << 20, (await other.GetGrain<IEchoGrain>($"big {i % 7}").BytesAsync(1 << 20)).Length);
        }

        var deaf = Assert.Single(silo.Links.Clients.OfType<TcpConnection>(), c => c.Peer.Address.Equals(visitor.Hello.Address));
        Assert.InRange(deaf.Unsent, 1, Ahead + (8 << 20));
        Assert.InRange(deaf.Waiting, Asked - 20, Asked);

        Assert.Equal(Asked, (await AnswersAsync(stream, Asked)).Count);
    }

    [Fact]
    public async Task A_gateway_keeps_little_for_a_client_that_does_not_read_answers_from_behind_it()
    {
        const int Most = 16 << 20;
        const int Asked = 300;
        await using var cluster = await InProcessCluster.StartAsync(
            network: new TcpNetwork(),
            configure: b => b.Configure<ConnectionOptions>(o => (o.SendAheadBytes, o.MaxUnsentBytes) = (Ahead, Most)),
            setup: s => s.GrainClasses = [.. InProcessCluster.Grains.Where(g => g != typeof(EchoGrain))]);
        await cluster.AddSiloAsync(b => b
            .Configure<SiloSetup>(s => s.GrainClasses = InProcessCluster.Grains)
            .Configure<Orleans.Configuration.EndpointOptions>(o => o.GatewayPort = 0));
        var gateway = cluster.First;
        var visitor = new Visitor(gateway);
        await using var stream = await visitor.EnterAsync();
        var other = await cluster.AddClientAsync();

        // So many at once that all are under way before the first answer comes back; then more, when answers lie about.
        var most = 0L;
        for (var round = 0; round < 2; round++)
        {
            for (var i = 1; i <= Asked; i++)
            {
                await stream.WriteAsync(visitor.Frame((round * Asked) + i, GrainId.Create("echo", $"big {i % 7}"), BytesCall(1 << 20)));
            }

            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(i, await other.GetGrain<IEchoGrain>($"other {i % 7}").AddAsync(i, 0));
                Assert.Equal(1 << 20, (await other.GetGrain<IEchoGrain>($"big {i % 7}").BytesAsync(1 << 20)).Length);
                most = Math.Max(most, Deaf().Unsent);
            }
        }

        Assert.InRange(most, Ahead, Most + (8 << 20));

        // What came when answers lay about does not go on; nor does it disturb the other client.
        for (var i = 0; Deaf().Waiting < Asked; i++)
        {
            Assert.InRange(i, 0, 100_000);
            await other.GetGrain<IEchoGrain>($"other {i % 7}").AddAsync(i, 0);
        }

        Assert.InRange(Deaf().Unsent, Ahead, Most + (8 << 20));

        // All are answered: with what was asked for, or with why not.
        Assert.Equal(2 * Asked, (await AnswersAsync(stream, 2 * Asked)).Count);

        TcpConnection Deaf() => Assert.Single(gateway.Links.Clients.OfType<TcpConnection>(), c => c.Peer.Address.Equals(visitor.Hello.Address));
    }

    [Fact]
    public async Task An_argument_that_cannot_be_written_fails_its_call_and_nothing_else()
    {
        await using var cluster = await InProcessCluster.StartAsync(2, new TcpNetwork(), b => b.Configure<Orleans.Configuration.SiloMessagingOptions>(o => (o.MaxMessageHeaderSize, o.MaxMessageBodySize) = (0, 1 << 20)));
        var remote = await RemoteGrainAsync(cluster);
        var error = await Assert.ThrowsAsync<WireException>(() => remote.LengthAsync(new byte[2 << 20]));
        Assert.Contains("Send large values in pieces", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<WireException>(() => remote.BytesAsync(2 << 20));
        Assert.Contains("answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, await remote.AddAsync(1, 2));
        Assert.All(cluster.Silos, silo => Assert.Equal(2, silo.Membership.Table.ActiveSilos.Length));
    }

    private static Task<InProcessCluster> StartAsync() =>
        InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b => b.Configure<ConnectionOptions>(o => o.SendAheadBytes = Ahead));

    private static async Task<IEchoGrain> RemoteGrainAsync(InProcessCluster cluster)
    {
        for (var i = 0; ; i++)
        {
            var grain = cluster.First.GrainFactory.GetGrain<IEchoGrain>($"remote {i}");
            if (await grain.WhereAsync() != cluster.First.Address.ToParsableString())
            {
                return grain;
            }
        }
    }

    /// <returns>The numbers of the answers, as soon as there are so many.</returns>
    private static async Task<HashSet<long>> AnswersAsync(Stream stream, int count)
    {
        var answered = new HashSet<long>();
        using var reader = new FrameReader(stream, 110 << 20);
        while (answered.Count < count && await reader.FillAsync())
        {
            while (reader.TryRead(out var message, out var longMessage))
            {
                if (HeadOf(longMessage is null ? message : longMessage.Bytes) is (MessageKind.Response, var id))
                {
                    answered.Add(id);
                }

                longMessage?.Release();
            }
        }

        return answered;
    }

    /// <summary>As much of a message as says what it is.</summary>
    private static (MessageKind Kind, long Id) HeadOf(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var kind = (MessageKind)reader.ReadByte();
        reader.ReadByte();
        return (kind, (long)reader.ReadVarint());
    }

    private static Orleans.Embedded.Invocation BytesCall(int length)
    {
        var call = Visitor.EmptyCall("Bytes");
        call.GetType().GetField("_0")!.SetValue(call, length);
        return call;
    }

    /// <summary>A connection whose other end reads only when told to.</summary>
    private sealed class DeafReceiver : IAsyncDisposable
    {
        private readonly Socket _socket;
        private readonly Visitor _sender;

        private DeafReceiver(Socket socket, Visitor sender, TcpConnection connection) => (_socket, _sender, Sender) = (socket, sender, connection);

        public TcpConnection Sender { get; }

        public static async Task<DeafReceiver> StartAsync(EmbeddedSilo silo)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.ReceiveBufferSize = 64 * 1024;
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var sender = new Visitor(silo);
            var connecting = new TcpNetwork().ConnectAsync((IPEndPoint)listener.LocalEndPoint!, sender, CancellationToken.None);
            var socket = await listener.AcceptAsync();
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await Handshake.AcceptAsync(stream, new Visitor(silo, Guid.NewGuid()), CancellationToken.None);
            return new DeafReceiver(socket, sender, (TcpConnection)await connecting);
        }

        public Message Call(long id, MessageKind kind, string method, byte[] bytes)
        {
            var call = Visitor.EmptyCall(method);
            call.GetType().GetField("_0")!.SetValue(call, bytes);
            return new Message { Kind = kind, Id = id, Caller = _sender.Hello.Address, Target = GrainId.Create("echo", "deaf"), Call = call };
        }

        public Message Probe(long id) => new()
        {
            Kind = MessageKind.Request,
            Id = id,
            Caller = _sender.Hello.Address,
            Target = NodeGrains.SystemTarget(Membership.TargetType, _sender.Hello.Address),
            Call = GrainInterfaces.Get(typeof(IMembershipTarget)).Methods.Single(m => m.Name == "Probe").Create(),
        };

        public Message Answer(long id)
        {
            var answer = Visitor.EmptyCall("Add").Method.CreateResponse();
            return new Message { Kind = MessageKind.Response, Id = id, Caller = _sender.Hello.Address, Answer = answer };
        }

        /// <returns>The numbers of so many messages, in the order they came.</returns>
        public async Task<List<long>> ReadAsync(int count)
        {
            var ids = new List<long>();
            await using var stream = new NetworkStream(_socket, ownsSocket: false);
            using var frames = new FrameReader(stream, 110 << 20);
            while (ids.Count < count && await frames.FillAsync())
            {
                while (frames.TryRead(out var message, out var longMessage))
                {
                    ids.Add(HeadOf(longMessage is null ? message : longMessage.Bytes).Id);
                    longMessage?.Release();
                }
            }

            return ids;
        }

        public ValueTask DisposeAsync()
        {
            Sender.Close("the test is over");
            _socket.Dispose();
            return default;
        }
    }
}

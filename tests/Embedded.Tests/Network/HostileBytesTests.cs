using System.Net.Sockets;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>
/// A hundred thousand connections that bring spoilt handshakes or spoilt frames: some thousands through real sockets and the silo's
/// door, the others as streams in memory to the same code. Each ends its connection, with one line for the log at most.
/// </summary>
[Collection(Alone)]
public sealed class HostileBytesTests
{
    /// <summary>Tests that look at the memory of the process run while no others do.</summary>
    public const string Alone = "alone";

    private const int Seed = 4711;
    private const int Frames = 60_000;
    private const int Handshakes = 38_000;
    private const int OverTcp = 2_000;

    [Fact]
    public async Task Spoilt_frames_end_their_connection_with_one_line_and_nothing_else()
    {
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork());
        var silo = cluster.First;
        var good = GoodFrames(silo);
        var random = new Random(Seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var refused = 0;
        for (var i = 0; i < Frames; i++)
        {
            var node = new Recipient(silo);
            await new TcpConnection(new Fed(Spoil(good[random.Next(good.Length)], random)), node, new NodeHello(new NodeAddress(Guid.NewGuid()), silo.ClusterId)).RunAsync();
            Assert.True(node is { Refusals: <= 1, Closings: 1 }, $"Seed {Seed}, connection {i}: {node.Refusals} lines, closed {node.Closings} times.");
            refused += node.Refusals;
        }

        Assert.InRange(refused, Frames / 10, Frames);
        await StillServesAsync(cluster);
        await silo.DeactivateAllAsync(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "the test is over"), CancellationToken.None);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public async Task Spoilt_handshakes_let_nobody_in()
    {
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork());
        var good = await RecordedHandshakeAsync(cluster.First);
        var random = new Random(Seed);
        for (var i = 0; i < Handshakes; i++)
        {
            // The first as it was recorded: the other side's number was used up.
            using var stream = new Fed(i == 0 ? good : Spoil(good, random));
            var error = await Record.ExceptionAsync(() => Handshake.AcceptAsync(stream, new Recipient(cluster.First), CancellationToken.None));
            Assert.True(error is InvalidDataException or IOException, $"Seed {Seed}, handshake {i}: {error}");
        }

        await StillServesAsync(cluster);
    }

    [Fact]
    public async Task Through_real_sockets_it_is_one_line_each_as_well()
    {
        var log = new LogLines();
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b => log.AddTo(b.Services));
        var good = GoodFrames(cluster.First);
        var handshake = await RecordedHandshakeAsync(cluster.First);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(Seed + worker);
            for (var i = Interlocked.Increment(ref next); i <= OverTcp; i = Interlocked.Increment(ref next))
            {
                if (i % 2 == 0)
                {
                    await using var stream = await new Visitor(cluster.First, Guid.NewGuid()).EnterAsync();
                    await SendAsync(stream.Socket, Spoil(good[random.Next(good.Length)], random));
                }
                else
                {
                    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(cluster.First.GatewayAddress.Endpoint);
                    await SendAsync(socket, Spoil(handshake, random));
                }
            }
        })));

        await StillServesAsync(cluster);
        var lines = log.All;
        Assert.InRange(lines.Length, OverTcp / 2, OverTcp);

        // What was understood, and is a one-way call to nowhere, ends with its own line and not its connection.
        var refused = lines.Where(line => !line.StartsWith("OneWay to ", StringComparison.Ordinal)).ToArray();
        Assert.InRange(refused.Length, OverTcp / 2, OverTcp);
        Assert.All(refused, line => Assert.StartsWith("Connection refused: ", line, StringComparison.Ordinal));
        Assert.All(refused, line => Assert.DoesNotContain('\n', line));
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            // The silo had read enough.
        }

        await Visitor.ReceiveAllAsync(socket);
    }

    private static async Task StillServesAsync(InProcessCluster cluster)
    {
        var client = await cluster.AddClientAsync();
        Assert.Equal(3, await client.GetGrain<IEchoGrain>("still").AddAsync(1, 2));
        Assert.Equal(1 << 20, await client.GetGrain<IEchoGrain>("still").LengthAsync(new byte[1 << 20]));
    }

    /// <summary>Of every kind, short and in pieces.</summary>
    private static byte[][] GoodFrames(EmbeddedSilo silo)
    {
        var visitor = new Visitor(silo);
        var me = visitor.Hello.Address;
        var echo = GrainId.Create("echo", "x");
        var withBytes = Visitor.EmptyCall("Length");
        withBytes.GetType().GetField("_0")!.SetValue(withBytes, new byte[300_000]);
        var box = Visitor.EmptyCall("Change");
        box.GetType().GetField("_0")!.SetValue(box, new Box { Value = 5, Items = [1, 2, 3] });
        var context = ContextValues.From(new Dictionary<string, object> { ["who"] = "me", ["n"] = 5 });
        Message[] messages =
        [
            new() { Kind = MessageKind.Request, Id = 17, Caller = me, Target = echo, Call = Visitor.EmptyCall("Add") },
            new() { Kind = MessageKind.Request, Id = 18, Caller = me, Target = echo, Call = box, Context = context, Hops = 1, NewPlacement = true },
            new() { Kind = MessageKind.Request, Id = 19, Caller = me, Target = echo, Call = withBytes },
            new() { Kind = MessageKind.OneWay, Id = 0, Caller = me, Target = echo, Call = Visitor.EmptyCall("Nothing") },
            new() { Kind = MessageKind.Cancel, Id = 20, Caller = me, Target = echo },
            new() { Kind = MessageKind.SentOn, Id = 21, Caller = silo.Hello.Address, AnsweredBy = silo.Address },
            new() { Kind = MessageKind.Response, Id = 22, Caller = silo.Hello.Address, Answer = Visitor.EmptyCall("Add").Method.CreateResponse() },
        ];
        return [.. messages.Select(message => visitor.Bytes(message))];
    }

    private static async Task<byte[]> RecordedHandshakeAsync(EmbeddedSilo silo)
    {
        var visitor = new Visitor(silo);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(silo.GatewayAddress.Endpoint);
        await using var stream = new Recording(socket);
        await Handshake.ConnectAsync(stream, visitor, "the silo", CancellationToken.None);
        return stream.Written;
    }

    private static byte[] Spoil(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            // Mostly where lengths and names are.
            var at = random.Next(random.Next(4) == 0 ? bytes.Count : Math.Min(bytes.Count, 60));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }

            if (bytes.Count == 0)
            {
                return [0];
            }
        }

        return [.. bytes];
    }

    /// <summary>The silo's side of a connection, counted.</summary>
    private sealed class Recipient(EmbeddedSilo silo) : INode
    {
        private int _refusals;
        private int _closings;

        public int Refusals => Volatile.Read(ref _refusals);

        public int Closings => Volatile.Read(ref _closings);

        public NodeHello Hello => silo.Hello;

        public NetworkOptions NetworkOptions => silo.NetworkOptions;

        public RuntimeClient Runtime => silo.Runtime;

        public void Opened(IConnection connection)
        {
        }

        public void Received(IConnection connection, Message message) => silo.Received(connection, message);

        public void Closed(IConnection connection, string reason) => Interlocked.Increment(ref _closings);

        public void Refused(string reason) => Interlocked.Increment(ref _refusals);
    }

    /// <summary>Gives prepared bytes to whoever reads, and swallows what is written.</summary>
    private sealed class Fed(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanWrite => true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}

[CollectionDefinition(HostileBytesTests.Alone, DisableParallelization = true)]
public sealed class TestsThatRunAlone;

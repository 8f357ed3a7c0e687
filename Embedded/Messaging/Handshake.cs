using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography;
using Orleans.Embedded.Serialization;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>
/// The first bytes of a connection. Each side says who it is and sends a number used once; each proves by an HMAC over both
/// introductions that it knows the cluster's secret, which itself never travels. Whoever does not belong gets a reason and no more.
/// </summary>
/// <remarks>connector: magic, hello or refusal → acceptor: magic, hello or refusal, proof → connector: proof.</remarks>
internal static class Handshake
{
    public const int ProtocolVersion = 2;
    public const string Engine = "Embedded";
    private const int MaxHello = 4096;
    private const int NonceBytes = 32;
    private const byte Accepted = 0;
    private const byte Refused = 1;

    // How TLS begins: a hello, or an alert in answer to what is none.
    private const byte TlsHandshake = 22;
    private const byte TlsAlert = 21;
    private const string OneSpeaksTls = "One side speaks TLS and the other does not. Call UseTls on both, or on neither.";

    private static ReadOnlySpan<byte> Magic => "OrlEmb\r\n"u8;

    // Instead of it, from a connector that does not trust the acceptor.
    private static ReadOnlySpan<byte> Goodbye => "OrlEmb!\n"u8;

    private static ReadOnlySpan<byte> ConnectorRole => "connector"u8;

    private static ReadOnlySpan<byte> AcceptorRole => "acceptor"u8;

    public static async Task<NodeHello> ConnectAsync(Stream stream, INode node, string where, CancellationToken cancellationToken)
    {
        if (Distrusts(node, stream) is { } distrust)
        {
            // Its answer, if it distrusts as well, is of no use to anybody.
            await RefuseAsync(stream, Goodbye.ToArray(), distrust, cancellationToken);
            throw new ConnectionFailedException($"{where} is not trusted. {distrust}");
        }

        var mine = Introduce(node);
        await SendAsync(stream, Magic.ToArray(), mine, cancellationToken);
        byte[] theirs;
        try
        {
            theirs = await ReceiveAsync(stream, cancellationToken);
        }
        catch (InvalidDataException e) when (e.Message == OneSpeaksTls)
        {
            throw new ConnectionFailedException($"{where} wants TLS, and this node has none. {e.Message}");
        }
        catch (InvalidDataException)
        {
            throw new ConnectionFailedException(
                $"What listens on {where} does not speak the embedded engine's protocol. If it is a silo of Microsoft Orleans, build this program with -p:Engine=Orleans.");
        }
        catch (IOException e)
        {
            throw new ConnectionFailedException(
                $"{where} hung up during the handshake. Its log says why: perhaps it wants TLS (call UseTls on both sides, or on neither). If it is a silo of Microsoft Orleans, build this program with -p:Engine=Orleans.", e) { IsTransient = true };
        }

        if (theirs.Length == 0 || theirs[0] != Accepted)
        {
            throw new ConnectionFailedException($"{where} refused the connection: {TextOf(theirs)}");
        }

        var hello = Read(theirs.AsSpan(1));
        if (Mismatch(hello, node.Hello) is { } mismatch)
        {
            throw new ConnectionFailedException(mismatch);
        }

        var proof = await ReadExactlyAsync(stream, HMACSHA256.HashSizeInBytes, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(proof, Proof(node, AcceptorRole, mine, theirs)))
        {
            throw new ConnectionFailedException(WrongSecret(hello));
        }

        await stream.WriteAsync(Proof(node, ConnectorRole, mine, theirs), cancellationToken);
        return hello;
    }

    /// <exception cref="InvalidDataException">The other side does not belong here; the message is for the log.</exception>
    public static async Task<NodeHello> AcceptAsync(Stream stream, INode node, CancellationToken cancellationToken)
    {
        if (Distrusts(node, stream) is { } distrust)
        {
            await ReceiveAsync(stream, cancellationToken);
            await RefuseAsync(stream, distrust, cancellationToken);
            throw new InvalidDataException($"A peer is not trusted. {distrust}");
        }

        var theirs = await ReceiveAsync(stream, cancellationToken);
        NodeHello hello;
        try
        {
            hello = Read(theirs);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(stream, e.Message, cancellationToken);
            throw;
        }

        if (Mismatch(hello, node.Hello) is { } mismatch)
        {
            await RefuseAsync(stream, mismatch, cancellationToken);
            throw new InvalidDataException(mismatch);
        }

        byte[] mine = [Accepted, .. Introduce(node)];
        await SendAsync(stream, Magic.ToArray(), mine, cancellationToken);
        await stream.WriteAsync(Proof(node, AcceptorRole, theirs, mine), cancellationToken);
        var proof = await ReadExactlyAsync(stream, HMACSHA256.HashSizeInBytes, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(proof, Proof(node, ConnectorRole, theirs, mine)))
        {
            throw new InvalidDataException(WrongSecret(hello));
        }

        return hello;
    }

    /// <returns>Why the two cannot be of one cluster; null if they can.</returns>
    public static string? Mismatch(NodeHello found, NodeHello expected) => found.ClusterId == expected.ClusterId
        ? null
        : $"{found.Address} belongs to cluster '{found.ClusterId}', {expected.Address} to '{expected.ClusterId}'. Give both the same ClusterOptions.ClusterId.";

    public static string WrongSecret(NodeHello peer) =>
        $"{peer.Address} does not know this cluster's secret. Give it the same {ClusterSecretOptions.FileVariable} (or {ClusterSecretOptions.Variable}) as the other silos and clients.";

    private static string? Distrusts(INode node, Stream stream) => stream is SslStream secured ? node.NetworkOptions.Tls!.Distrusts(secured) : null;

    private static byte[] Introduce(INode node)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        node.Runtime.Environment.Randomness.FillSecret(nonce);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new WireWriter(output);
        writer.WriteVarint(ProtocolVersion);
        writer.WriteString(Engine);
        writer.WriteString(node.Hello.ClusterId);
        writer.WriteString(node.Hello.Address.ToString());
        writer.WriteRaw(nonce);
        writer.Complete();
        return output.WrittenSpan.ToArray();
    }

    private static NodeHello Read(ReadOnlySpan<byte> hello)
    {
        try
        {
            var reader = new WireReader(hello);
            var version = reader.ReadVarint();
            var engine = reader.ReadString();
            if (engine != Engine || version != ProtocolVersion)
            {
                throw new InvalidDataException(
                    $"One side runs the engine '{engine}' with protocol {version}, the other '{Engine}' with {ProtocolVersion}. Build both with the same -p:Engine and from the same version.");
            }

            var cluster = reader.ReadString();
            var address = reader.ReadString();
            reader.ReadRaw(NonceBytes);
            return new NodeHello(NodeAddress.Parse(address!), cluster!);
        }
        catch (Exception e) when (e is WireException or FormatException or ArgumentNullException or NullReferenceException)
        {
            throw new InvalidDataException("The introduction of a peer cannot be read.", e);
        }
    }

    private static byte[] Proof(INode node, ReadOnlySpan<byte> role, byte[] connector, byte[] acceptor) =>
        HMACSHA256.HashData(node.NetworkOptions.Secret.Span, [.. role, .. BitConverter.GetBytes(connector.Length), .. connector, .. acceptor]);

    private static Task RefuseAsync(Stream stream, string reason, CancellationToken cancellationToken) => RefuseAsync(stream, Magic.ToArray(), reason, cancellationToken);

    private static async Task RefuseAsync(Stream stream, byte[] magic, string reason, CancellationToken cancellationToken)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(reason);
        await SendAsync(stream, magic, [Refused, .. text.AsSpan(0, Math.Min(text.Length, MaxHello - 1))], cancellationToken);
    }

    private static string TextOf(byte[] refusal) => refusal.Length < 2 ? "it gave no reason" : OneLine(System.Text.Encoding.UTF8.GetString(refusal.AsSpan(1)));

    /// <summary>A stranger's words, as they may stand in a log.</summary>
    public static string OneLine(string words) => words.Any(char.IsControl) ? string.Concat(words.Select(c => char.IsControl(c) ? ' ' : c)) : words;

    private static async Task SendAsync(Stream stream, byte[] magic, byte[] hello, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, hello.Length);
        await stream.WriteAsync((byte[])[.. magic, .. length, .. hello], cancellationToken);
    }

    private static async Task<byte[]> ReceiveAsync(Stream stream, CancellationToken cancellationToken)
    {
        var start = await ReadExactlyAsync(stream, Magic.Length + sizeof(int), cancellationToken);
        if (start is [TlsHandshake or TlsAlert, 3, ..])
        {
            throw new InvalidDataException(OneSpeaksTls);
        }

        var isGoodbye = start.AsSpan(0, Goodbye.Length).SequenceEqual(Goodbye);

        if (!isGoodbye && !start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new InvalidDataException(
                $"A peer began with {Convert.ToHexString(start)}, which is not the embedded engine's protocol. If it is a program on Microsoft Orleans, build it with -p:Engine=Embedded.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length));
        if (length is <= 0 or > MaxHello)
        {
            throw new InvalidDataException($"A peer's introduction claims {length} bytes, at most {MaxHello} are allowed.");
        }

        var hello = await ReadExactlyAsync(stream, length, cancellationToken);
        return isGoodbye ? throw new InvalidDataException($"A peer hung up: {TextOf(hello)}") : hello;
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}

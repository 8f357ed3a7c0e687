using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>Messages to bytes and back, however the stream cuts them.</summary>
public sealed class FramesTests
{
    [Theory, InlineData(1), InlineData(7), InlineData(1000), InlineData(70_000), InlineData(int.MaxValue)]
    public async Task Messages_of_all_lengths_pass_through_a_stream_that_gives_few_bytes_at_a_time(int atATime)
    {
        const int Seed = 815;
        var random = new Random(Seed);
        int[] lengths = [1, 5, FrameBuffer.LongestWhole, FrameBuffer.LongestWhole + 1, FrameBuffer.PieceBytes - 4, FrameBuffer.PieceBytes, 2 * FrameBuffer.PieceBytes + 17, 300_000];
        var sent = Enumerable.Range(0, atATime == 1 ? 20 : 200).Select(_ => Bytes(random, lengths[random.Next(lengths.Length)])).ToArray();
        var got = await ReadAllAsync(new FewAtATime(Written(sent), atATime));
        Assert.Equal(sent.Length, got.Count);

        // Short and long ones may overtake each other, never their like.
        foreach (var isLong in new[] { false, true })
        {
            var pairs = sent.Where(IsLong).Zip(got.Where(IsLong));
            Assert.True(pairs.All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), $"Seed {Seed}");
            bool IsLong(byte[] message) => message.Length > FrameBuffer.LongestWhole == isLong;
        }
    }

    [Fact]
    public void A_short_message_goes_between_the_pieces_of_a_long_one()
    {
        var outbox = new Outbox(long.MaxValue);
        outbox.Add(Message(new byte[10 * FrameBuffer.PieceBytes]));
        Assert.InRange(outbox.Take(out _).Length, FrameBuffer.PieceBytes, FrameBuffer.PieceBytes + 8);
        outbox.Add(Message(new byte[10]));
        Assert.Equal(14, outbox.Take(out _).Length);
        Assert.InRange(outbox.Take(out _).Length, FrameBuffer.PieceBytes, FrameBuffer.PieceBytes + 8);
    }

    [Fact]
    public void A_long_message_is_not_starved_by_short_ones()
    {
        var outbox = new Outbox(long.MaxValue);
        outbox.Add(Message(new byte[10 * FrameBuffer.PieceBytes]));
        var pieces = 0;
        for (var i = 0; i < 21; i++)
        {
            outbox.Add(Message(new byte[10_000]));
            pieces += outbox.Take(out _).Length > 64 * 1024 ? 1 : 0;
        }

        Assert.InRange(pieces, 10, 11);
    }

    [Fact]
    public void What_is_unsent_is_counted_to_the_byte()
    {
        var outbox = new Outbox(long.MaxValue);
        foreach (var length in new[] { 10, 500_000, 20, FrameBuffer.PieceBytes, 17_000 })
        {
            outbox.Add(Message(new byte[length]));
        }

        Assert.Equal(10 + 4 + 500_000 + 20 + 4 + FrameBuffer.PieceBytes + 17_000, outbox.Unsent);
        while (!outbox.Take(out _).IsEmpty)
        {
        }

        Assert.Equal(0, outbox.Unsent);
        Assert.True(outbox.WhenEmpty().IsCompleted);
    }

    public static TheoryData<string, byte[]> Nonsense => new()
    {
        { "a frame longer than any", [0, 0, 1, 0] },
        { "a piece longer than any", [0, 0, 16, 0x80] },
        { "a piece without content", [4, 0, 0, 0x80, 1, 0, 0, 0] },
        { "a message longer than allowed", [8, 0, 0, 0x80, 0, 0, 0, 0x7f, 1, 2, 3, 4] },
        { "a message of negative length", [8, 0, 0, 0x80, 255, 255, 255, 255, 1, 2, 3, 4] },
        { "a message longer than it says", [8, 0, 0, 0x80, 2, 0, 0, 0, 1, 2, 3, 4] },
        { "a second piece without content", [5, 0, 0, 0x80, 2, 0, 0, 0, 1, 0, 0, 0, 0x80] },
    };

    [Theory, MemberData(nameof(Nonsense))]
    public async Task Lengths_that_make_no_sense_are_refused(string what, byte[] bytes)
    {
        var error = await Assert.ThrowsAsync<WireException>(() => ReadAllAsync(new MemoryStream(bytes)));
        Assert.True(error.Message.Contains("claims", StringComparison.Ordinal) || error.Message.Contains("goes on", StringComparison.Ordinal), what);
    }

    [Fact]
    public async Task A_claim_of_much_takes_no_room_until_it_is_kept()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            var claim = new byte[12];
            BitConverter.TryWriteBytes(claim, FrameBuffer.PieceMark | 8);
            BitConverter.TryWriteBytes(claim.AsSpan(4), 100 << 20);
            Assert.Empty(await ReadAllAsync(new MemoryStream(claim)));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static FrameBuffer Message(byte[] content)
    {
        var buffer = FrameBuffer.Rent(int.MaxValue);
        content.CopyTo(buffer.GetSpan(content.Length));
        buffer.Advance(content.Length);
        return buffer;
    }

    private static MemoryStream Written(byte[][] messages)
    {
        var outbox = new Outbox(long.MaxValue);
        foreach (var message in messages)
        {
            outbox.Add(Message(message));
        }

        var stream = new MemoryStream();
        while (outbox.Take(out _) is { IsEmpty: false } bytes)
        {
            stream.Write(bytes.Span);
        }

        stream.Position = 0;
        return stream;
    }

    private static async Task<List<byte[]>> ReadAllAsync(Stream stream)
    {
        var all = new List<byte[]>();
        using var reader = new FrameReader(stream, 110 << 20);
        do
        {
            while (reader.TryRead(out var message, out var longMessage))
            {
                all.Add(longMessage is null ? message.ToArray() : longMessage.Bytes.ToArray());
                longMessage?.Release();
            }
        }
        while (await reader.FillAsync());
        return all;
    }

    private sealed class FewAtATime(MemoryStream stream, int atATime) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, Math.Min(count, atATime));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(stream.Read(buffer.Span[..Math.Min(buffer.Length, atATime)]));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

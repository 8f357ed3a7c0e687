using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Grains.Tests.Storage;

public class ChunkStoreTests
{
    private static readonly SessionId s_session = new("s");
    private static readonly TaskKey s_key = new("x", 3);
    private readonly ChunkStore _store = new(new InlineExecutor(), new WorkerOptions());

    [Fact]
    public async Task A_reader_in_the_same_process_gets_the_object_itself()
    {
        var value = new[] { 1.0, 2.0 };
        Put(value);

        var piece = await _store.ReadAsync(s_session, s_key, 0, "here", "here");

        Assert.Same(value, piece!.Whole!.Read<object>());
    }

    [Fact]
    public async Task A_reader_elsewhere_gets_the_bytes_piece_by_piece()
    {
        var value = Enumerable.Range(0, 400_000).Select(i => (double)i).ToArray();
        Put(value);

        var bytes = new List<byte>();
        ValuePiece? piece;
        do
        {
            piece = await _store.ReadAsync(s_session, s_key, bytes.Count, "there", "here");
            Assert.True(piece!.Bytes.Length <= ChunkStore.PieceBytes);
            bytes.AddRange(piece.Bytes);
        }
        while (bytes.Count < piece.Total);

        Assert.Equal(value, Payload.Decode<double[]>(bytes.ToArray()));
    }

    [Fact]
    public async Task What_is_not_held_is_said_not_to_be()
    {
        Put(1);

        Assert.Null(await _store.ReadAsync(s_session, new TaskKey("x", 4), 0, null, "here"));
        Assert.Null(await _store.ReadAsync(new SessionId("t"), s_key, 0, null, "here"));
    }

    [Fact]
    public async Task Many_values_come_in_one_answer_as_far_as_they_fit()
    {
        TaskKey[] keys = [.. Enumerable.Range(0, 5).Select(i => new TaskKey("x", i))];
        foreach (var key in keys.Where(key => key.Index != 1))
        {
            _store.Put(s_session, key, StoredValue.OfObject(new byte[400_000], 400_000));
        }

        var pieces = await _store.ReadManyAsync(s_session, keys, "there", "here");

        Assert.Equal(3, pieces.Length);
        Assert.Equal(-1, pieces[1].Total);
        Assert.True(pieces[0].Total > 400_000);
    }

    [Fact]
    public async Task Values_that_take_more_bytes_than_their_size_says_stay_under_the_limit_of_a_message()
    {
        TaskKey[] keys = [.. Enumerable.Range(0, 500).Select(i => new TaskKey("x", i))];
        foreach (var key in keys)
        {
            _store.Put(s_session, key, StoredValue.OfObject(new byte[300_000], 8));
        }

        var pieces = await _store.ReadManyAsync(s_session, keys, "there", "here");

        Assert.InRange(pieces.Sum(piece => piece.Bytes.Length), 300_000, MessageLimits.MessageBytes);
    }

    [Fact]
    public async Task A_value_written_in_pieces_is_there_with_the_last_in_whatever_order_and_however_often()
    {
        var bytes = Payload.Encode(Enumerable.Range(0, 1_000_000).ToArray());
        long[] offsets = [1 << 21, 0, 1 << 20, 0, 3 << 20];
        foreach (var offset in offsets)
        {
            Assert.False(_store.Contains(s_session, s_key));
            var end = Math.Min(bytes.Length, offset + ChunkStore.PieceBytes);
            await _store.WriteAsync(s_session, s_key, new ValuePiece(bytes.Length, offset, bytes[(int)offset..(int)end], null));
        }

        Assert.True(_store.TryGet(s_session, s_key, out var value));
        Assert.Equal(999_999, ((int[])value.Object(PayloadDecoding.Default)!)[^1]);
    }

    [Theory]
    [InlineData(100, 90, 20)]
    [InlineData(100, -1, 10)]
    [InlineData(-5, 0, 10)]
    [InlineData(200, 0, 10)]
    [InlineData(100, 20, 0)]
    [InlineData(100, long.MaxValue, 10)]
    public async Task A_piece_that_does_not_fit_is_refused(long total, long offset, int length)
    {
        await _store.WriteAsync(s_session, s_key, new ValuePiece(100, 0, new byte[10], null));

        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync(s_session, total < 0 ? new TaskKey("other") : s_key, new ValuePiece(total, offset, new byte[length], null)));
    }

    [Fact]
    public async Task Pieces_that_overlap_are_refused()
    {
        await _store.WriteAsync(s_session, s_key, new ValuePiece(30, 0, new byte[20], null));

        var error = await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync(s_session, s_key, new ValuePiece(30, 10, new byte[10], null)));

        Assert.Contains("overlap at 10", error.Message, StringComparison.Ordinal);
        Assert.False(_store.Contains(s_session, s_key));
    }

    [Fact]
    public async Task A_length_that_is_only_claimed_takes_no_room()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await _store.WriteAsync(s_session, s_key, new ValuePiece(1 << 30, 0, new byte[10], null));
        _ = new GrowingBytes(1 << 30, new byte[10]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
    }

    [Fact]
    public void Bytes_that_grow_are_the_pieces_in_order()
    {
        var all = Enumerable.Range(0, 60 << 20).Select(i => (byte)(i / 1_000)).ToArray();
        var bytes = new GrowingBytes(all.Length, all[..1_000]);
        while (!bytes.IsWhole)
        {
            bytes.Add(all[bytes.Count..Math.Min(all.Length, bytes.Count + ChunkStore.PieceBytes)]);
        }

        Assert.True(all.AsSpan().SequenceEqual(bytes.Take()));
        Assert.Throws<ArgumentException>(() => bytes.Add([1]));
    }

    [Fact]
    public async Task A_value_of_this_process_is_asked_for_its_size_on_the_executor()
    {
        var executor = new WaitingExecutor();
        var store = new ChunkStore(executor, new WorkerOptions());
        var value = new Sized();

        var written = store.WriteAsync(s_session, s_key, new ValuePiece(0, 0, [], Payload.Of(value)));
        Assert.False(value.IsAsked);
        executor.RunAll();
        await written;

        Assert.True(value.IsAsked);
        Assert.True(store.Contains(s_session, s_key));
    }

    [Fact]
    public void Bytes_are_counted_and_gone_with_release_and_session()
    {
        Put(new double[1_000]);
        Put(1, 7);
        Assert.Equal(2, _store.Count(s_session));
        Assert.True(_store.Bytes >= 8_000);

        Assert.True(_store.Remove(s_session, s_key));
        Assert.False(_store.Remove(s_session, s_key));
        _store.RemoveAll(s_session);
        Assert.Equal(0, _store.Bytes);
        Assert.Equal(0, _store.Count(s_session));
    }

    [Fact]
    public void Larger_values_are_announced_with_their_release_and_small_ones_are_not()
    {
        var said = new List<(TaskKey, bool)>();
        _store.Changed = (_, key, came) => said.Add((key, came));
        Put(new double[1_000]);
        Put(1, 7);
        _store.RemoveAll(s_session);

        Assert.Equal([(s_key, true), (s_key, false)], said);
    }

    private sealed class Sized : ISizedValue
    {
        public bool IsAsked { get; private set; }

        public long SizeInBytes
        {
            get
            {
                IsAsked = true;
                return 1;
            }
        }
    }

    private void Put(object value, int index = 3) =>
        _store.Put(s_session, s_key with { Index = index }, StoredValue.OfObject(value, ValueSize.Of(value)));
}

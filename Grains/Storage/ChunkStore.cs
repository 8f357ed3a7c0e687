using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Grains.Storage;

/// <summary>
/// The values of one silo, by session and key. It outlives every activation; what it holds is the truth about where values are.
/// </summary>
internal sealed class ChunkStore(IExecutor executor, WorkerOptions options)
{
    /// <summary>What an entry takes beside its value, roughly.</summary>
    private const int BytesPerEntry = 200;

    /// <summary>Bytes of one piece at most, whoever sends it.</summary>
    public const int PieceBytes = 1 << 20;

    /// <summary>Values from this size on are told to other silos, for placement: 4 kB.</summary>
    public const int AnnouncedBytes = 4 << 10;

    private readonly ConcurrentDictionary<SessionId, Values> _sessions = new();
    private long _bytes;

    /// <summary>Told of what is let go.</summary>
    public MemoryReturn Memory { get; } = new(executor);

    /// <summary>Told of larger values that came (true) and went.</summary>
    public Action<SessionId, TaskKey, bool>? Changed { get; set; }

    /// <summary>Told of every new value, for those who check that a key means one.</summary>
    public Action<SessionId, TaskKey, StoredValue>? Kept { get; set; }

    /// <summary>Bytes of all values.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Count(SessionId session) => _sessions.TryGetValue(session, out var values) ? values.Read(all => all.Count) : 0;

    /// <summary>Keeps a value; one that is there under the key already stays, for a key means one value.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Put(SessionId session, TaskKey key, StoredValue value)
    {
        if (!_sessions.GetOrAdd(session, static _ => new Values()).Add(key, value))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, value.Size);
        Kept?.Invoke(session, key, value);
        if (value.Size >= AnnouncedBytes)
        {
            Changed?.Invoke(session, key, true);
        }

        return true;
    }

    public bool TryGet(SessionId session, TaskKey key, [NotNullWhen(true)] out StoredValue? value)
    {
        value = null;
        if (Planted.SessionsShareValues && _sessions.Values.Any(others => others.TryGet(key, out _)))
        {
            return _sessions.Values.First(others => others.TryGet(key, out _)).TryGet(key, out value);
        }

        return _sessions.TryGetValue(session, out var values) && values.TryGet(key, out value);
    }

    public bool Contains(SessionId session, TaskKey key) => TryGet(session, key, out _);

    public bool Remove(SessionId session, TaskKey key)
    {
        if (Planted.ReleasedValuesStay || !_sessions.TryGetValue(session, out var values) || !values.Remove(key, out var removed))
        {
            return false;
        }

        Gone(session, key, removed);
        return true;
    }

    /// <summary>Lets all values of a session go, and what was written of others.</summary>
    public void RemoveAll(SessionId session)
    {
        if (_sessions.TryRemove(session, out var values))
        {
            foreach (var (key, value) in values.Clear())
            {
                Gone(session, key, value);
            }
        }
    }

    public KeyValuePair<TaskKey, StoredValue>[] List(SessionId session) =>
        _sessions.TryGetValue(session, out var values) ? values.Read(all => all.ToArray()) : [];

    public SessionId[] Sessions() => [.. _sessions.Keys];

    /// <summary>A piece of a value, or the value itself for a reader in <paramref name="process"/>. Encodes on the executor where it must.</summary>
    public async Task<ValuePiece?> ReadAsync(SessionId session, TaskKey key, long offset, string? readerProcess, string process)
    {
        if (!TryGet(session, key, out var value))
        {
            return null;
        }

        if (readerProcess == process && value.IsObject)
        {
            return new ValuePiece(value.Size, 0, [], value.Share());
        }

        if (value.Encoded is { } encoded)
        {
            return Piece(value, encoded, offset);
        }

        var read = new (StoredValue? Value, byte[]? Bytes)[] { (value, null) };
        await EncodeAsync(read);
        return Piece(value, read[0].Bytes!, offset);
    }

    /// <summary>The first pieces of many values, with no more bytes than one piece may have but always one of them; -1 for those that are not here.</summary>
    public async Task<ValuePiece[]> ReadManyAsync(SessionId session, IReadOnlyList<TaskKey> keys, string? readerProcess, string process)
    {
        var found = new (StoredValue? Value, byte[]? Bytes)[keys.Count];
        var (count, size, encode) = (0, 0L, false);
        for (; count < found.Length && size < options.PieceBytes; count++)
        {
            if (TryGet(session, keys[count], out var value))
            {
                found[count].Value = value;
                if (!(readerProcess == process && value.IsObject))
                {
                    size += value.Size;
                    encode = true;
                }
            }
        }

        if (encode)
        {
            await EncodeAsync(found);
        }

        // A value may take more bytes than its size says: those decide.
        var pieces = new List<ValuePiece>(count);
        size = 0;
        for (var i = 0; i < count; i++)
        {
            var (value, bytes) = found[i];
            if (bytes is null || (readerProcess == process && value!.IsObject))
            {
                pieces.Add(value is null ? new ValuePiece(-1, 0, [], null) : new ValuePiece(value.Size, 0, [], value.Share()));
                continue;
            }

            if (size > 0 && size + bytes.Length > options.PieceBytes)
            {
                break;
            }

            size += Math.Min(bytes.Length, options.PieceBytes);
            pieces.Add(Piece(value!, bytes, 0));
        }

        return [.. pieces];
    }

    /// <summary>Takes a piece of a value that is written from outside; with the last one it is there.</summary>
    /// <exception cref="ArgumentException">The piece does not belong to the value begun under this key.</exception>
    public async Task WriteAsync(SessionId session, TaskKey key, ValuePiece piece)
    {
        if (piece.Whole is { } whole)
        {
            // A value may be asked for its size, and that is code of its own.
            await AsideAsync(() => Put(session, key, whole.HasValue ? Written(whole.Read<object?>()) : StoredValue.OfBytes(whole.Encode(), isWritten: true)));
            return;
        }

        if (_sessions.GetOrAdd(session, _ => new Values()).Write(key, piece) is { } bytes)
        {
            Put(session, key, StoredValue.OfBytes(bytes, isWritten: true));
        }
    }

    private static StoredValue Written(object? value) => StoredValue.OfObject(value, ValueSize.Of(value), isWritten: true);

    private ValuePiece Piece(StoredValue value, byte[] bytes, long offset)
    {
        if (offset < 0 || offset > bytes.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"The value has {bytes.Length} bytes, asked for a piece from {offset} on.");
        }

        var end = (int)Math.Min(bytes.Length, offset + options.PieceBytes);
        if (end == bytes.Length)
        {
            value.ForgetEncoding();
        }

        return new ValuePiece(bytes.Length, offset, offset == 0 && end == bytes.Length ? bytes : bytes[(int)offset..end], null);
    }

    private Task EncodeAsync((StoredValue? Value, byte[]? Bytes)[] values) => AsideAsync(() =>
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i].Bytes = values[i].Value?.Encode();
        }
    });

    /// <summary>On the executor, beside its slots.</summary>
    private Task AsideAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.PostAside(new ActionWork(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }));
        return done.Task;
    }

    private void Gone(SessionId session, TaskKey key, StoredValue value)
    {
        Interlocked.Add(ref _bytes, -value.Size);
        Memory.Released(value.Size + BytesPerEntry);
        if (value.Size >= AnnouncedBytes)
        {
            Changed?.Invoke(session, key, false);
        }
    }

    /// <summary>One session's values, and those not yet whole.</summary>
    private sealed class Values
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<TaskKey, StoredValue> _values = [];
        private Dictionary<TaskKey, Incoming>? _incoming;

        public bool Add(TaskKey key, StoredValue value)
        {
            lock (_gate)
            {
                return _values.TryAdd(key, value);
            }
        }

        public bool TryGet(TaskKey key, [NotNullWhen(true)] out StoredValue? value)
        {
            lock (_gate)
            {
                return _values.TryGetValue(key, out value);
            }
        }

        public bool Remove(TaskKey key, [NotNullWhen(true)] out StoredValue? value)
        {
            lock (_gate)
            {
                if (!_values.Remove(key, out value))
                {
                    return false;
                }

                if (_values.Count == 0)
                {
                    // A graph of a million values came and went: its table goes too.
                    _values.TrimExcess();
                }

                return true;
            }
        }

        public T Read<T>(Func<Dictionary<TaskKey, StoredValue>, T> read)
        {
            lock (_gate)
            {
                return read(_values);
            }
        }

        public KeyValuePair<TaskKey, StoredValue>[] Clear()
        {
            lock (_gate)
            {
                KeyValuePair<TaskKey, StoredValue>[] all = [.. _values];
                _values.Clear();
                _incoming = null;
                return all;
            }
        }

        /// <summary>The whole value once its last piece came.</summary>
        public byte[]? Write(TaskKey key, ValuePiece piece)
        {
            lock (_gate)
            {
                if (_values.ContainsKey(key))
                {
                    return null;
                }

                _incoming ??= [];
                if (!_incoming.TryGetValue(key, out var incoming))
                {
                    _incoming.Add(key, incoming = new Incoming(piece.Total));
                }

                var whole = incoming.Add(piece);
                if (whole is not null)
                {
                    _incoming.Remove(key);
                }

                return whole;
            }
        }
    }

    /// <summary>Pieces of one value in any order. What its writer claims takes no room here, only what has come.</summary>
    private sealed class Incoming
    {
        private readonly SortedDictionary<long, byte[]> _pieces = [];
        private readonly long _total;
        private long _received;

        public Incoming(long total)
        {
            if (total < 0 || total > Array.MaxLength)
            {
                throw new ArgumentException($"A value of {total} bytes cannot be kept as one. Split it into values under 2 GB.");
            }

            _total = total;
        }

        /// <summary>The value when all is there. A piece sent twice counts once.</summary>
        public byte[]? Add(ValuePiece piece)
        {
            if (piece.Total != _total || piece.Offset < 0 || piece.Bytes.Length > PieceBytes || piece.Offset > _total - piece.Bytes.Length || (piece.Bytes.Length == 0 && _total > 0))
            {
                throw new ArgumentException($"A piece of {piece.Bytes.Length} bytes at {piece.Offset} of {piece.Total} does not fit the value begun, of {_total} bytes.");
            }

            if (_pieces.TryAdd(piece.Offset, piece.Bytes))
            {
                _received += piece.Bytes.Length;
            }

            return _received >= _total ? Join() : null;
        }

        private byte[] Join()
        {
            var whole = GC.AllocateUninitializedArray<byte>((int)_total);
            var end = 0L;
            foreach (var (offset, bytes) in _pieces)
            {
                if (offset != end)
                {
                    throw new ArgumentException($"Pieces of a value of {_total} bytes overlap at {offset}, the one before ends at {end}. Send pieces that follow one another.");
                }

                bytes.CopyTo(whole, offset);
                end += bytes.Length;
            }

            return whole;
        }
    }
}

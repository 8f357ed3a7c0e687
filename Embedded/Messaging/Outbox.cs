using System.Buffers;

namespace Orleans.Embedded;

/// <summary>
/// Messages waiting to be written, in two lanes. Short ones are gathered into segments; long ones go one after the other in pieces.
/// Segments and pieces take turns, so that neither lane starves the other, and a short message waits for one piece at most.
/// </summary>
/// <remarks>
/// Bytes that nobody takes off the line are bounded by who may add more. Calls wait, unwritten, while a lane is full (<see cref="HasRoom"/>);
/// they are let in as it empties. Requests of a peer that does not take its answers wait before they start (<see cref="TryHold"/>).
/// Answers, cancels and the silos' own messages never wait: a connection that waited for its peer before it read on could wait
/// for ever, since the peer may do the same.
/// </remarks>
internal sealed class Outbox(long fullAt)
{
    private const int SegmentBytes = 64 * 1024;
    private const int ReleasedAtOnce = 16;

    private readonly Lock _lock = new();
    private readonly Queue<Segment> _short = new();
    private readonly Queue<FrameBuffer.Pieces> _long = new();
    private readonly Queue<Message> _waiting = new();
    private readonly Queue<(TurnQueue Queue, Message Request)> _held = new();
    private Segment? _open;
    private Segment? _taken;
    private FrameBuffer.Pieces? _takenFrom;
    private TaskCompletionSource? _empty;
    private long _shortBytes;
    private long _longBytes;
    private long _heldBytes;
    private int _written;
    private bool _writtenWasShort;
    private bool _isWriting;
    private bool _isPumping;
    private bool _isClosed;

    /// <summary>Bytes that were added and are not yet written.</summary>
    public long Unsent => Volatile.Read(ref _shortBytes) + Volatile.Read(ref _longBytes);

    /// <summary>Of these, what is in short messages.</summary>
    public long UnsentShort => Volatile.Read(ref _shortBytes);

    /// <summary>Bytes of the requests that wait before they begin.</summary>
    public long HeldBytes => Volatile.Read(ref _heldBytes);

    /// <summary>Calls not yet written, and requests not yet begun.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _held.Count;
            }
        }
    }

    /// <summary>Whether a call may be written now: any, none, or a short one only. A hint, that costs no lock.</summary>
    public Room RoomForCall => HasRoom ? Room.Any : HasRoomForShort ? Room.Short : Room.None;

    private bool HasRoomForShort => Volatile.Read(ref _shortBytes) < fullAt;

    private bool LanesHaveRoom => Volatile.Read(ref _longBytes) < fullAt && HasRoomForShort;

    private bool HasRoom => LanesHaveRoom && _waiting.Count == 0;

    /// <summary>Lets the call wait for room.</summary>
    /// <returns>False: there is room by now.</returns>
    public bool TryPark(Message call)
    {
        lock (_lock)
        {
            if (_isClosed || HasRoom)
            {
                return false;
            }

            _waiting.Enqueue(call);
            return true;
        }
    }

    /// <summary>Lets a request whose answer would go here wait while answers do not leave.</summary>
    public bool TryHold(Message request, TurnQueue queue)
    {
        if (LanesHaveRoom)
        {
            return false;
        }

        lock (_lock)
        {
            if (_isClosed || LanesHaveRoom)
            {
                return false;
            }

            _heldBytes += request.Size;
            _held.Enqueue((queue, request));
            return true;
        }
    }

    /// <summary>Takes the message's content.</summary>
    /// <returns>Whether the caller must see to it that somebody writes.</returns>
    public bool Add(FrameBuffer message)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                message.Return();
                return false;
            }

            if (message.Length > FrameBuffer.LongestWhole)
            {
                _longBytes += message.Length;
                _long.Enqueue(message.Detach());
            }
            else
            {
                var frame = message.Frame;
                _shortBytes += frame.Length;
                Append(frame);
                message.Return();
            }

            var starts = !_isWriting;
            _isWriting = true;
            return starts;
        }
    }

    /// <summary>The next bytes to write, those taken before being written; empty when there are none, and the writer's duty ends.</summary>
    /// <param name="hasRoom">The caller must see to it that somebody lets in what waits.</param>
    public ReadOnlyMemory<byte> Take(out bool hasRoom)
    {
        lock (_lock)
        {
            Wrote();
            hasRoom = false;
            if (!_isPumping && MayLetIn)
            {
                _isPumping = hasRoom = true;
            }

            var next = _short.Count > 0 && (!_writtenWasShort || _long.Count == 0) ? TakeSegment() : TakePiece();
            _written = next.Length;
            if (next.IsEmpty)
            {
                _isWriting = false;
                TellEmpty();
            }

            return next;
        }
    }

    /// <summary>The next call to write, now that there is room; null when there is none, and the duty of letting in ends.</summary>
    public Message? LetIn()
    {
        lock (_lock)
        {
            if (!_isClosed && LanesHaveRoom)
            {
                // All of them if nothing is left to write, since then nobody would come back for the rest.
                Release(_isWriting ? ReleasedAtOnce : int.MaxValue);

                if (_waiting.TryDequeue(out var call))
                {
                    return call;
                }
            }

            _isPumping = false;
            TellEmpty();
            return null;
        }
    }

    /// <returns>The calls that were not written.</returns>
    public Message[] Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _open = null;
            _short.Clear();
            _long.Clear();
            var waiting = _waiting.ToArray();
            _waiting.Clear();

            // Nobody waits for their answers; but their grains count them.
            Release(int.MaxValue);

            TellEmpty();
            return waiting;
        }
    }

    public Task WhenEmpty()
    {
        lock (_lock)
        {
            return IsEmpty ? Task.CompletedTask : (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Release(int atMost)
    {
        for (; atMost > 0 && _held.TryDequeue(out var held); atMost--)
        {
            _heldBytes -= held.Request.Size;
            held.Queue.Post(held.Request);
        }
    }

    private bool IsEmpty => _isClosed || (!_isWriting && _waiting.Count == 0 && !_isPumping);

    private bool MayLetIn => (_waiting.Count > 0 || _held.Count > 0) && LanesHaveRoom;

    private void TellEmpty()
    {
        if (IsEmpty)
        {
            _empty?.TrySetResult();
            _empty = null;
        }
    }

    /// <summary>What was taken last has left.</summary>
    private void Wrote()
    {
        if (_taken is not null)
        {
            _shortBytes -= _written;
            _taken.Release();
            _taken = null;
        }
        else if (_takenFrom is not null)
        {
            _longBytes -= _written - FrameBuffer.LengthBytes;
            if (_takenFrom.Left == 0)
            {
                _longBytes += FrameBuffer.LengthBytes;
                _takenFrom.Release();
            }

            _takenFrom = null;
        }
    }

    private ReadOnlyMemory<byte> TakeSegment()
    {
        _taken = _short.Dequeue();
        _writtenWasShort = true;
        if (ReferenceEquals(_taken, _open))
        {
            _open = null;
        }

        return _taken.Bytes;
    }

    private ReadOnlyMemory<byte> TakePiece()
    {
        _writtenWasShort = false;
        if (!_long.TryPeek(out var first))
        {
            return default;
        }

        _takenFrom = first;
        var piece = first.Take();
        if (first.Left == 0)
        {
            _long.Dequeue();
        }

        return piece;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_open is null || _open.Room < bytes.Length)
        {
            _open = new Segment(ArrayPool<byte>.Shared.Rent(SegmentBytes));
            _short.Enqueue(_open);
        }

        _open.Append(bytes);
    }

    private sealed class Segment(byte[] data)
    {
        private int _used;

        public ReadOnlyMemory<byte> Bytes => data.AsMemory(0, _used);

        public int Room => data.Length - _used;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(data.AsSpan(_used));
            _used += bytes.Length;
        }

        public void Release() => ArrayPool<byte>.Shared.Return(data);
    }
}

/// <summary>What may be added to an <see cref="Outbox"/>.</summary>
internal enum Room
{
    None,
    Short,
    Any,
}

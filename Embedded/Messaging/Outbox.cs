using System.Buffers;

namespace Orleans.Embedded;

/// <summary>Frames waiting to be written. Small ones are gathered into shared segments, large ones travel as they are.</summary>
internal sealed class Outbox
{
    private const int SegmentBytes = 64 * 1024;
    private const int LargeFrame = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Segment> _segments = new();
    private Segment? _open;
    private TaskCompletionSource? _empty;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Takes the frame's content.</summary>
    /// <returns>Whether the caller must see to it that somebody writes.</returns>
    public bool Add(FrameBuffer frame)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                frame.Return();
                return false;
            }

            if (frame.Bytes.Length >= LargeFrame)
            {
                _open = null;
                _segments.Enqueue(new Segment(frame.Detach(out var length), length));
            }
            else
            {
                Append(frame.Bytes);
                frame.Return();
            }

            var starts = !_isWriting;
            _isWriting = true;
            return starts;
        }
    }

    /// <summary>The next bytes to write; null when there are none, and the writer's duty ends.</summary>
    public Segment? Take()
    {
        lock (_lock)
        {
            if (!_segments.TryDequeue(out var next))
            {
                _isWriting = false;
                _empty?.TrySetResult();
                _empty = null;
                return null;
            }

            if (ReferenceEquals(next, _open))
            {
                _open = null;
            }

            return next;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _open = null;
            _segments.Clear();
            _empty?.TrySetResult();
        }
    }

    public Task WhenEmpty()
    {
        lock (_lock)
        {
            return _isWriting && !_isClosed
                ? (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_open is null || _open.Room < bytes.Length)
        {
            _open = new Segment(ArrayPool<byte>.Shared.Rent(SegmentBytes), 0);
            _segments.Enqueue(_open);
        }

        _open.Append(bytes);
    }

    internal sealed class Segment(byte[] data, int used)
    {
        private int _used = used;

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

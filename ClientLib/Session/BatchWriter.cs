using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Gathers one message to the scheduler: layer names stand in it once, functions only where they are new.</summary>
internal sealed class BatchWriter(long epoch, int maxTasks, int maxBytes)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _layers = [];
    private readonly List<FunctionSpec> _functions = [];
    private readonly List<TaskSpec> _tasks = [];
    private readonly List<WireKey> _wanted = [];
    private readonly List<WireKey> _unwanted = [];
    private readonly List<WireKey> _cancelled = [];
    private readonly List<ScatteredValue> _scattered = [];
    private int _lastPlace = -1;
    private long _bytes;

    public long Epoch { get; } = epoch;

    public bool IsEmpty => _functions.Count + _tasks.Count + _wanted.Count + _unwanted.Count + _cancelled.Count + _scattered.Count == 0;

    /// <summary>Whether one key more fits.</summary>
    public bool HasRoom => HasRoomFor(MessageLimits.BytesPerEntry);

    /// <summary>
    /// Whether a task fits; its function is told on the way where it is new. A message that has nothing yet takes anything: a large
    /// function goes ahead in a message of its own.
    /// </summary>
    public bool HasRoomFor(FunctionEntry? function, Payload? arguments, int inputs)
    {
        if (function is not null && function.ToldEpoch != Epoch)
        {
            var bytes = MessageLimits.BytesPerEntry + MessageLimits.SizeOf(function.Encoded);
            if (!HasRoomFor(bytes))
            {
                return false;
            }

            function.ToldEpoch = Epoch;
            _functions.Add(new FunctionSpec(function.Number, function.Encoded));
            _bytes += bytes;
        }

        return HasRoomFor(MessageLimits.SizeOf(arguments, inputs));
    }

    public void Task(TaskKey key, int function, WireKey[] dependencies, Payload? arguments)
    {
        _tasks.Add(new TaskSpec(Wire(key), function, dependencies, arguments));
        _bytes += MessageLimits.SizeOf(arguments, dependencies.Length);
    }

    public void Want(TaskKey key) => _wanted.Add(Wire(key));

    public void Unwant(TaskKey key)
    {
        _unwanted.Add(Wire(key));
        _bytes += MessageLimits.BytesPerEntry;
    }

    public void Cancel(TaskKey key)
    {
        _cancelled.Add(Wire(key));
        _bytes += MessageLimits.BytesPerEntry;
    }

    /// <param name="key">The value.</param>
    /// <param name="source">Where it was written.</param>
    /// <param name="isKept">As <see cref="ScatteredValue.IsKept"/>.</param>
    public void Scattered(TaskKey key, ScatteredSource source, bool isKept)
    {
        foreach (var worker in source.Workers)
        {
            _scattered.Add(new ScatteredValue(Wire(key), worker, source.Bytes, isKept));
            _bytes += MessageLimits.BytesPerEntry + worker.Length;
        }
    }

    public WireKey[] Wire(FutureState[] states)
    {
        if (states.Length == 0)
        {
            return [];
        }

        var keys = new WireKey[states.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Wire(states[i].Key);
        }

        return keys;
    }

    public WireKey[] Wire(ReadOnlySpan<TaskKey> keys)
    {
        if (keys.Length == 0)
        {
            return [];
        }

        var wire = new WireKey[keys.Length];
        for (var i = 0; i < wire.Length; i++)
        {
            wire[i] = Wire(keys[i]);
        }

        return wire;
    }

    /// <param name="sequence">As <see cref="SubmitBatch.Sequence"/>.</param>
    /// <param name="more">As <see cref="SubmitBatch.More"/>.</param>
    public SubmitBatch ToBatch(long sequence, bool more) => new(
        Epoch, sequence, [.. _layers], [.. _functions], [.. _tasks], [.. _wanted], [.. _unwanted], [.. _cancelled], [.. _scattered], more);

    private bool HasRoomFor(long bytes) => IsEmpty || (_tasks.Count < maxTasks && _bytes + bytes <= maxBytes);

    private WireKey Wire(TaskKey key)
    {
        if (_lastPlace < 0 || !string.Equals(_layers[_lastPlace], key.Layer, StringComparison.Ordinal))
        {
            if (!_places.TryGetValue(key.Layer, out _lastPlace))
            {
                _places.Add(key.Layer, _lastPlace = _layers.Count);
                _layers.Add(key.Layer);
                _bytes += key.Layer.Length;
            }
        }

        return new WireKey(_lastPlace, key.Index);
    }
}

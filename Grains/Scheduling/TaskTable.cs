using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>Records of tasks by dense number, and the way from keys to numbers. Numbers of forgotten tasks are used again.</summary>
internal sealed class TaskTable
{
    private readonly PagedArray<TaskRecord> _records = new();
    private readonly Dictionary<string, int> _layerNumbers = new(StringComparer.Ordinal);
    private readonly List<Layer?> _layers = [];
    private readonly Stack<int> _freeLayers = new();
    private int _free = TaskRecord.None;

    /// <summary>How many tasks there are.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers in use are smaller.</summary>
    public int Bound => _records.Count;

    public ref TaskRecord this[int task] => ref _records[task];

    public bool IsUsed(int task) => task < _records.Count && _records[task].Layer >= 0;

    public TaskKey Key(int task)
    {
        ref var record = ref _records[task];
        return new TaskKey(_layers[record.Layer]!.Name, record.Index);
    }

    public string LayerName(int layer) => _layers[layer]!.Name;

    /// <summary>The number of a layer, or -1.</summary>
    public int FindLayer(string name) => _layerNumbers.GetValueOrDefault(name, -1);

    /// <summary>The task of a key, or -1.</summary>
    public int Find(TaskKey key) => key.Layer is not null && _layerNumbers.TryGetValue(key.Layer, out var layer) ? Find(layer, key.Index) : -1;

    /// <inheritdoc cref="Find(TaskKey)"/>
    public int Find(int layer, int index) => layer < 0 ? -1 : _layers[layer]!.Find(index);

    /// <summary>A new task, released, without edges.</summary>
    public int Add(string layerName, int index)
    {
        if (!_layerNumbers.TryGetValue(layerName, out var number))
        {
            if (!_freeLayers.TryPop(out number))
            {
                number = _layers.Count;
                _layers.Add(null);
            }

            _layers[number] = new Layer(layerName);
            _layerNumbers.Add(layerName, number);
        }

        int task;
        if (_free >= 0)
        {
            task = _free;
            _free = _records[task].Next;
        }
        else
        {
            task = _records.Add();
        }

        _layers[number]!.Set(index, task);
        Count++;
        _records[task] = new TaskRecord
        {
            Layer = number,
            Index = index,
            Function = TaskRecord.Scattered,
            FirstDependant = TaskRecord.None,
            Worker = TaskRecord.None,
            Holder = TaskRecord.None,
            Queue = TaskRecord.None,
            Next = TaskRecord.None,
            Previous = TaskRecord.None,
        };
        return task;
    }

    /// <summary>Frees a record. The last one gone, all memory goes too.</summary>
    public void Remove(int task)
    {
        ref var record = ref _records[task];
        var layer = _layers[record.Layer]!;
        if (layer.Remove(record.Index) == 0)
        {
            _layerNumbers.Remove(layer.Name);
            _freeLayers.Push(record.Layer);
            _layers[record.Layer] = null;
        }

        record = new TaskRecord { Layer = -1, Next = _free };
        _free = task;
        if (--Count == 0)
        {
            _records.Clear();
            _free = TaskRecord.None;
            _layers.Clear();
            _freeLayers.Clear();
            _layerNumbers.Clear();
            _layerNumbers.TrimExcess();
        }
    }

    /// <summary>Tasks of one name: one of them in two fields, many dense ones in an array, others in a dictionary.</summary>
    private sealed class Layer(string name)
    {
        private int _onlyIndex = -1;
        private int _onlyTask = -1;
        private int[]? _dense;
        private Dictionary<int, int>? _sparse;
        private int _count;

        public string Name => name;

        public int Find(int index) =>
            index == _onlyIndex ? _onlyTask
            : _dense is not null ? ((uint)index < (uint)_dense.Length ? _dense[index] - 1 : -1)
            : _sparse is not null && _sparse.TryGetValue(index, out var task) ? task
            : -1;

        public void Set(int index, int task)
        {
            if (_count++ == 0)
            {
                (_onlyIndex, _onlyTask) = (index, task);
                return;
            }

            if (_onlyIndex >= 0)
            {
                var (first, firstTask) = (_onlyIndex, _onlyTask);
                (_onlyIndex, _onlyTask) = (-1, -1);
                Store(first, firstTask);
            }

            Store(index, task);
        }

        /// <summary>How many are left.</summary>
        public int Remove(int index)
        {
            if (index == _onlyIndex)
            {
                (_onlyIndex, _onlyTask) = (-1, -1);
            }
            else if (_dense is not null)
            {
                _dense[index] = 0;
            }
            else
            {
                _sparse!.Remove(index);
            }

            return --_count;
        }

        private void Store(int index, int task)
        {
            if (_sparse is null && index < (8 * _count) + 64)
            {
                _dense ??= new int[8];
                if (index >= _dense.Length)
                {
                    Array.Resize(ref _dense, Math.Max(index + 1, _dense.Length * 2));
                }

                _dense[index] = task + 1;
                return;
            }

            if (_sparse is null)
            {
                _sparse = [];
                for (var i = 0; i < (_dense?.Length ?? 0); i++)
                {
                    if (_dense![i] > 0)
                    {
                        _sparse.Add(i, _dense[i] - 1);
                    }
                }

                _dense = null;
            }

            _sparse[index] = task;
        }
    }
}

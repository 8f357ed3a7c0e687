using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>
/// Brings all values of a layer together, some at a time, level by level; the last value is the whole.
/// <code>
///   source  0 1 2 3 4 5 6 7 8       fan-in 4
///           └─┬───┘ └─┬───┘ │
///   level 1   0       1     2
///             └───────┼─────┘
///   level 2           3
/// </code>
/// </summary>
internal sealed class TreeLayer : TaskLayer
{
    private readonly string _name;
    private readonly TaskFunction _function;
    private readonly string _source;
    private readonly int _fanIn;

    /// <summary>How many values each level takes in; the first: the source's.</summary>
    private readonly int[] _inputs;

    /// <summary>Where each level begins among this layer's indices.</summary>
    private readonly int[] _starts;

    public TreeLayer(string name, TaskFunction function, string source, int sourceCount, int fanIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fanIn, 2);
        (_name, _function, _source, _fanIn) = (name, function, source, fanIn);
        List<int> inputs = [], starts = [];
        for (var width = sourceCount; ;)
        {
            inputs.Add(width);
            starts.Add(Count);
            width = (width + fanIn - 1) / fanIn;
            Count += width;
            if (width <= 1)
            {
                break;
            }
        }

        (_inputs, _starts) = ([.. inputs], [.. starts]);
    }

    public override string Name => _name;

    public override int Count { get; }

    public override IReadOnlyCollection<string> DependsOn => _inputs.Length > 1 ? [_source, _name] : [_source];

    public override TaskNode Node(int index)
    {
        var level = _starts.Length - 1;
        while (index < _starts[level])
        {
            level--;
        }

        var first = (index - _starts[level]) * _fanIn;
        var dependencies = new TaskKey[Math.Min(_fanIn, _inputs[level] - first)];
        for (var i = 0; i < dependencies.Length; i++)
        {
            dependencies[i] = level == 0 ? new TaskKey(_source, first + i) : new TaskKey(_name, _starts[level - 1] + first + i);
        }

        return new CallNode(new TaskKey(_name, index), _function, dependencies);
    }
}

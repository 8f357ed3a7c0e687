using System.Collections.Immutable;

namespace Orleans.Dask.Streams;

/// <summary>A node of a pipeline, whatever flows through it: its name and its neighbours.</summary>
public abstract class StreamNode
{
    private ImmutableArray<StreamNode> _upstreams = [];

    private protected StreamNode(string name) => Name = name;

    /// <summary>What it does: map, zip, sink …</summary>
    public string Name { get; }

    /// <summary>Where its events come from.</summary>
    public IReadOnlyList<StreamNode> Upstreams => _upstreams;

    /// <summary>An entrance of a node: the node itself, or one of several.</summary>
    internal interface IPort
    {
        StreamNode Node { get; }
    }

    /// <exception cref="InvalidOperationException">The pipeline would be a circle.</exception>
    internal void AttachTo(StreamNode upstream)
    {
        for (var (open, seen) = (new Stack<StreamNode>([upstream]), new HashSet<StreamNode>()); open.TryPop(out var node);)
        {
            if (node == this)
            {
                throw new InvalidOperationException($"'{upstream.Name}' already takes events from '{Name}': connecting it back would make a circle. Emit into a source from a sink instead.");
            }

            foreach (var next in node._upstreams)
            {
                if (seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        _upstreams = _upstreams.Add(upstream);
    }

    internal void DetachFrom(StreamNode upstream) => _upstreams = _upstreams.Remove(upstream);
}

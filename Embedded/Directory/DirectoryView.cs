using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// The ring at one version, this silo's part of it, and the silos that have not yet told what they host. The part begins empty and
/// is filled by what the silos say at this very version: nothing of an earlier version, and nothing said to it, can be left in it.
/// </summary>
internal sealed class DirectoryView
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<SiloAddress> _awaited;

    public DirectoryView(long version, HashRing ring, IEnumerable<SiloAddress> hosts)
    {
        Version = version;
        Ring = ring;
        _awaited = [.. hosts];
        Told(static _ => false);
    }

    public long Version { get; }

    public HashRing Ring { get; }

    public DirectoryPartition Part { get; } = new();

    /// <summary>Completes when the part is whole.</summary>
    public Task Ready => _ready.Task;

    public bool IsReady => _ready.Task.IsCompleted;

    /// <summary>Completes when a later view has taken its place.</summary>
    public Task Over => _over.Task;

    public SiloAddress[] Awaited
    {
        get
        {
            lock (_awaited)
            {
                return [.. _awaited.Order()];
            }
        }
    }

    /// <summary>These have told everything, or will never.</summary>
    public void Told(Predicate<SiloAddress> which)
    {
        lock (_awaited)
        {
            _awaited.RemoveWhere(which);
            if (_awaited.Count > 0)
            {
                return;
            }
        }

        _ready.TrySetResult();
    }

    /// <summary>Whoever waits for this view must look for the next one.</summary>
    public void Supersede()
    {
        _over.TrySetResult();
        _ready.TrySetResult();
    }

    /// <summary>Answers without those that are still awaited.</summary>
    public void GoOn() => _ready.TrySetResult();
}

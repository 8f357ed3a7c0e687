using Orleans.Embedded;

namespace Orleans.Dask.Simulation.World;

/// <summary>One thing that happens in one process.</summary>
internal abstract class SimEvent(SimProcess process)
{
    public SimProcess Process => process;

    /// <summary>It brings its own task scheduler: no synchronisation context may stand before it.</summary>
    public virtual bool IsTurn => false;

    /// <summary>It has been called off.</summary>
    public virtual bool IsStale => false;

    public abstract void Run();

    public abstract void AddTo(EventLog log, long now);
}

/// <summary>Something to be done, by name.</summary>
internal sealed class ActionEvent(SimProcess process, string kind, string? what, Action action) : SimEvent(process)
{
    public override void Run() => action();

    public override void AddTo(EventLog log, long now) => log.Add(now, Process.Name, kind, what);

    public override string ToString() => $"{kind} {what}";
}

/// <summary>What follows an await outside grains.</summary>
internal sealed class PostEvent(SimProcess process, SendOrPostCallback callback, object? state) : SimEvent(process)
{
    public override void Run() => callback(state);

    public override void AddTo(EventLog log, long now) => log.Add(now, Process.Name, "goes on", null);

    public override string ToString() => $"continuation {callback.Method.DeclaringType}.{callback.Method.Name}";
}

/// <summary>Turns of a grain, an observer or a system target; or work that must not run on its finder's thread.</summary>
internal sealed class TurnEvent(SimProcess process, IThreadPoolWorkItem work) : SimEvent(process)
{
    public override bool IsTurn => work is TurnQueue;

    public override void Run() => work.Execute();

    public override void AddTo(EventLog log, long now)
    {
        if (work is Activation { GrainId: var grain } activation)
        {
            log.Add(now, Process.Name, activation.Class.Type.Name, grain.Key.Value);
        }
        else
        {
            log.Add(now, Process.Name, "turn", work.GetType().Name);
        }
    }

    public override string ToString() => $"turn of {work}";
}

using System.Reflection;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Session;

/// <summary>A grain factory that knows one scheduler, and workers that take whatever is written.</summary>
public class ScriptedGrains : DispatchProxy
{
    public ISchedulerGrain Scheduler { get; set; } = null!;

    /// <summary>Told of every piece that is written, by the worker's address; what it throws, the worker does.</summary>
    public Action<string> Written { get; set; } = _ => { };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var type = targetMethod!.GetGenericArguments()[0];
        return type == typeof(ISchedulerGrain) ? Scheduler
            : type == typeof(ICodeGrain) ? Create<ICodeGrain, ScriptedCode>()
            : type == typeof(IWorkerGrain) ? Worker((string)args![0]!)
            : throw new InvalidOperationException($"Nothing is scripted for {type.Name}.");
    }

    private IWorkerGrain Worker(string address)
    {
        var worker = Create<IWorkerGrain, ScriptedWorker>();
        ((ScriptedWorker)(object)worker).Written = () => Written(address);
        return worker;
    }

    public class ScriptedWorker : DispatchProxy
    {
        public Action Written { get; set; } = () => { };

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IWorkerGrain.WriteAsync))
            {
                throw new InvalidOperationException($"Nothing is scripted for {targetMethod.Name}.");
            }

            try
            {
                Written();
                return Task.CompletedTask;
            }
            catch (SiloUnavailableException gone)
            {
                return Task.FromException(gone);
            }
        }
    }

    /// <summary>All code is there already.</summary>
    public class ScriptedCode : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ICodeGrain.MissingAsync) ? Task.FromResult<AssemblyIdentity[]>([])
            : throw new InvalidOperationException($"Nothing is scripted for {targetMethod.Name}.");
    }
}

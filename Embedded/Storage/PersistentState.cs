using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>A state that an activation reads before it is activated.</summary>
internal interface IPersistentStateBinding
{
    Task ReadStateAsync();
}

/// <summary>One state of one activation, over the store it names.</summary>
internal sealed class PersistentState<TState>(Activation activation, string name, IGrainStorage store) : IPersistentState<TState>, IPersistentStateBinding
{
    private readonly GrainState<TState> _held = new(GrainStates.Fresh<TState>());

    public TState State
    {
        get => _held.State;
        set => _held.State = value;
    }

    public string Etag => _held.ETag;

    public bool RecordExists => _held.RecordExists;

    public static object Create(Activation activation, PersistentStateAttribute attribute)
    {
        var store = attribute.StorageName is { } key
            ? activation.ActivationServices.GetKeyedService<IGrainStorage>(key)
            : activation.ActivationServices.GetService<IGrainStorage>() ?? activation.ActivationServices.GetKeyedService<IGrainStorage>(StorageNames.Default);
        if (store is null)
        {
            throw new OrleansConfigurationException(
                $"{activation.Class.Type} keeps '{attribute.StateName}' in the store '{attribute.StorageName ?? StorageNames.Default}', which is not registered."
                + " Call AddMemoryGrainStorage(name), AddFileGrainStorage(name, ...) or AddAdoNetGrainStorage(name, ...) on the silo builder.");
        }

        var state = new PersistentState<TState>(activation, attribute.StateName, store);
        activation.AddState(state);
        return state;
    }

    public Task ReadStateAsync() => store.ReadStateAsync(name, activation.GrainId, _held);

    public Task WriteStateAsync() => store.WriteStateAsync(name, activation.GrainId, _held);

    public Task ClearStateAsync() => store.ClearStateAsync(name, activation.GrainId, _held);
}

/// <summary>Names of stores.</summary>
internal static class StorageNames
{
    public const string Default = "Default";
}

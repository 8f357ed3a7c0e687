using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain's state between grain and store.</summary>
    public interface IGrainState<T>
    {
        T State { get; set; }

        /// <summary>Version of what was read; null when there is no record.</summary>
        string ETag { get; set; }

        bool RecordExists { get; set; }
    }

    /// <summary>The plain <see cref="IGrainState{T}"/>.</summary>
    public sealed class GrainState<T> : IGrainState<T>
    {
        public GrainState()
        {
        }

        public GrainState(T state) => State = state;

        public T State { get; set; } = default!;

        public string ETag { get; set; } = null!;

        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Keeps states of grains. Registered as a keyed service under the store's name.</summary>
    public interface IGrainStorage
    {
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <exception cref="InconsistentStateException">Somebody else wrote since it was read.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }

    /// <summary>A state was written by another since it was read. The activation that sees this holds a stale copy.</summary>
    [GenerateSerializer, Alias("Orleans.InconsistentStateException")]
    public class InconsistentStateException : OrleansException
    {
        public InconsistentStateException()
        {
        }

        public InconsistentStateException(string message)
            : base(message)
        {
        }

        public InconsistentStateException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }

        public InconsistentStateException(string message, string? storedEtag, string? currentEtag)
            : base($"{message} Stored version: {storedEtag ?? "none"}; expected: {currentEtag ?? "none"}.")
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        [Id(0)] public string? StoredEtag { get; private set; }

        [Id(1)] public string? CurrentEtag { get; private set; }

        /// <summary>True until it leaves the grain whose copy is stale, which deactivates that one.</summary>
        [Id(2)] public bool IsSourceActivation { get; set; } = true;
    }
}

namespace Orleans.Core
{
    /// <summary>Reads, writes and clears one state of a grain.</summary>
    public interface IStorage
    {
        string Etag { get; }

        bool RecordExists { get; }

        Task ClearStateAsync();

        Task WriteStateAsync();

        Task ReadStateAsync();
    }

    /// <summary>One state of a grain.</summary>
    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A state that is read before the grain is activated, and written when the grain says so.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;

    /// <summary>On a constructor parameter of type <see cref="IPersistentState{TState}"/>: its name, and the store that keeps it.</summary>
    /// <param name="stateName">Tells the states of one grain apart.</param>
    /// <param name="storageName">Name of the store; null: the default one.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        public string StateName { get; } = stateName;

        public string? StorageName { get; } = storageName;
    }
}

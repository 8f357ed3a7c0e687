using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>A state as it is stored.</summary>
/// <param name="Bytes">Null: no record.</param>
/// <param name="Version">Null: no record.</param>
[GenerateSerializer, Immutable, Alias("sys.StoredRecord")]
internal readonly record struct StoredRecord([property: Id(0)] byte[]? Bytes, [property: Id(1)] string? Version);

/// <summary>The way between a record and a grain's state, the same for every store.</summary>
internal static class GrainStates
{
    /// <summary>What a grain begins with that has no record.</summary>
    public static T Fresh<T>() => typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null
        ? Activator.CreateInstance<T>()
        : default!;

    /// <summary>Takes over what was read.</summary>
    /// <param name="state">Of the grain.</param>
    /// <param name="record">What the store has.</param>
    /// <param name="name">Which it is.</param>
    /// <param name="place">Where it is kept, for the error.</param>
    /// <param name="runtime">Gives life to the grain references in it.</param>
    /// <exception cref="InvalidDataException">The bytes are of another type.</exception>
    public static void Take<T>(this IGrainState<T> state, StoredRecord record, RecordName name, string place, IGrainRuntime runtime)
    {
        if (record.Bytes is null)
        {
            state.Forget();
            return;
        }

        try
        {
            state.State = WireSerializer.FromBytes<T>(record.Bytes, runtime);
        }
        catch (WireException error)
        {
            throw new InvalidDataException(
                $"{place} holds the record {name}, but its {record.Bytes.Length} bytes cannot be read as {typeof(T).FullName}: {error.Message}"
                + " Start the version of the program that wrote it, or clear the record to begin anew.",
                error);
        }

        state.ETag = record.Version!;
        state.RecordExists = true;
    }

    /// <summary>As it is without a record.</summary>
    public static void Forget<T>(this IGrainState<T> state)
    {
        state.State = Fresh<T>();
        state.ETag = null!;
        state.RecordExists = false;
    }

    public static void Written<T>(this IGrainState<T> state, string version)
    {
        state.ETag = version;
        state.RecordExists = true;
    }
}

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// What keeps every message under 4 MB: whoever gathers one stops at <see cref="GatheredBytes"/>, and only what is alone may be
/// larger, up to <see cref="ItemBytes"/>. A single thing above that fails by itself, where it is first seen.
/// </summary>
internal static class MessageLimits
{
    /// <summary>No message takes more.</summary>
    public const int MessageBytes = 4 << 20;

    /// <summary>Most bytes of one task, function or error.</summary>
    public const int ItemBytes = 3 << 20;

    /// <summary>Where a message that gathers many things ends.</summary>
    public const int GatheredBytes = 1 << 20;

    /// <summary>What a task, key or outcome takes beside its payload and the name of its layer, roughly.</summary>
    public const int BytesPerEntry = 48;

    /// <summary>What one input of a task takes, roughly.</summary>
    public const int BytesPerInput = 16;

    /// <summary>Most inputs of one task.</summary>
    public const int MostInputs = ItemBytes / BytesPerInput;

    /// <summary>Bytes that a payload adds; what stays an object inside a process adds none.</summary>
    public static long SizeOf(Payload? payload) => payload is { IsEncoded: true } ? payload.Length : 0;

    /// <summary>Bytes of a task with all it brings, but for its function.</summary>
    public static long SizeOf(Payload? arguments, int inputs) => BytesPerEntry + SizeOf(arguments) + ((long)inputs * BytesPerInput);

    /// <summary>What is wrong with the size of a task; null: nothing.</summary>
    public static string? TooLarge(TaskKey key, Payload? arguments, int inputs) =>
        inputs > MostInputs
            ? $"'{key}' takes {inputs:N0} inputs, at most {MostInputs:N0} fit into the message that tells a silo of a task. Combine them in a tree: tasks of some inputs each, and a task of those."
        : SizeOf(arguments, inputs) > ItemBytes
            ? $"'{key}' takes {SizeOf(arguments):N0} bytes of constants and {inputs:N0} inputs, at most {ItemBytes:N0} bytes travel with a task. Scatter the large value and pass its future."
        : null;
}

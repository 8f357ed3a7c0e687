namespace Orleans.Dask;

/// <summary>
/// Names of values by their content: the same content gives the same token, on every machine and in every process that runs
/// the same build. Collections name their layers by it (<c>sum-1f0c…</c>), so that what is computed once is found again.
/// </summary>
/// <remarks>
/// 128 bits of SHA-256 over types and contents. Understood: numbers, text, dates, arrays, tuples, lists, dictionaries and sets
/// (in any order), records and other objects by their fields, delegates by their method and what they captured, and what names
/// itself through <see cref="ITokenized"/>.
/// </remarks>
public static class Tokenize
{
    /// <summary>The token of some values in their order, as 32 hexadecimal digits.</summary>
    /// <remarks>
    /// What has no content of its own (a stream, a task, a handle), or too deep a one, gets a token that no other call gets: it is
    /// computed anew, which is slower but never wrong. <see cref="TryOf"/> tells.
    /// </remarks>
    public static string Of(params ReadOnlySpan<object?> values) => TryOf(out var token, values) ? token : Unique();

    /// <summary>As <see cref="Of"/>; false, and no token, when a value has no content to go by.</summary>
    public static bool TryOf(out string token, params ReadOnlySpan<object?> values)
    {
        var writer = new TokenWriter();
        foreach (var value in values)
        {
            if (!writer.TryWrite(value))
            {
                token = "";
                return false;
            }
        }

        token = Convert.ToHexStringLower(writer.Finish().AsSpan(0, 16));
        return true;
    }

    /// <summary>A token that no other call gets, for what must not be taken for anything else.</summary>
    public static string Unique() => Guid.NewGuid().ToString("N");
}

/// <summary>What knows a name for its content, cheaper or truer than its fields: a collection, whose layer has one.</summary>
public interface ITokenized
{
    /// <summary>The same for equal contents, different for different ones.</summary>
    string Token { get; }
}

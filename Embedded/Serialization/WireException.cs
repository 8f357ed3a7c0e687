namespace Orleans.Embedded.Serialization;

/// <summary>A value cannot be written, or bytes cannot be read. <see cref="Path"/> leads to the member.</summary>
[GenerateSerializer, Alias("Orleans.WireException")]
public sealed class WireException : Exception
{
    private readonly string _problem;

    public WireException(string message)
        : this(message, null)
    {
    }

    public WireException(string message, Exception? innerException)
        : base(message, innerException)
    {
        _problem = message;
    }

    public WireException()
        : this("A value could not be read from the wire.", null)
    {
    }

    /// <summary>From the outermost type to the member, such as <c>Job.Tasks → List&lt;Task&gt;[3] → Task.Name</c>.</summary>
    [Id(0)] public string Path { get; private set; } = "";

    public override string Message => Path.Length == 0 || _problem is null ? base.Message : $"{Path}: {_problem}";

    /// <summary>
    /// For the filter of a catch clause, at each level that knows its place: a wire error learns it and goes on, for catching and
    /// throwing it again at every level would pile up stack where there may be little left. Whatever else a constructor, converter or
    /// comparison throws on odd values is to be caught, and wrapped by <see cref="Wrap"/>.
    /// </summary>
    internal static bool IsForeign(Exception cause, string place)
    {
        if (cause is not WireException error)
        {
            return true;
        }

        if (error.Path.Length < 1_000)
        {
            error.Path = error.Path.Length == 0 ? place : $"{place} → {error.Path}";
        }

        return false;
    }

    internal static WireException Wrap(Exception foreign, string place) =>
        new($"{foreign.GetType().Name}: {foreign.Message}", foreign) { Path = place };

    internal static WireException NotSerializable(Type type) => new(
        type.Name.StartsWith('<')
        ? $"{type.DisplayName()} was made by the compiler and cannot cross the wire. Put the items into an array or a List: [.. items] assigned to one of those."
        : $"{type.DisplayName()} cannot cross the wire. Add [GenerateSerializer] and [Alias(\"…\")] to the type and [Id(n)] to each of its "
        + "members, or register an IConverter<,> for it with [RegisterConverter].");
}

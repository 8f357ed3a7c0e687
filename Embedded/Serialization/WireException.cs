namespace Orleans.Embedded.Serialization;

/// <summary>A value cannot be written, or bytes cannot be read. The message begins with the way to the member.</summary>
public sealed class WireException : Exception
{
    public WireException()
        : this("A value could not cross the wire.", null)
    {
    }

    public WireException(string message)
        : this(message, null)
    {
    }

    public WireException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// From the outermost type to the member, such as <c>Job.Tasks → Task[3] → Task.Name</c>. Empty when it is not known, and where the
    /// exception arrived from another process: there it is only text.
    /// </summary>
    public string Path { get; private set; } = "";

    public override string Message => Path.Length == 0 ? base.Message : $"{Path}: {base.Message}";

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

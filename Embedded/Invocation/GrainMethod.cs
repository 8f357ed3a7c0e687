using System.Reflection;

namespace Orleans.Embedded;

/// <summary>What is known of one method of a grain interface before anybody calls it. One instance per method and process.</summary>
/// <param name="InterfaceType">The interface that declares the method.</param>
/// <param name="InterfaceAlias">Its name on the wire: its alias, else its full name.</param>
/// <param name="Name">The method's alias, else its name; unique within the interface.</param>
/// <param name="Create">Makes an empty call to be filled by <see cref="Invocation.ReadArguments"/>.</param>
/// <param name="CreateResponse">
/// Makes an empty answer of the method's result type, to be filled by <see cref="Response.Read"/>; for a method that returns a
/// sequence, of an <see cref="ElementBatch{T}"/>.
/// </param>
internal sealed record GrainMethod(
    Type InterfaceType,
    string InterfaceAlias,
    string Name,
    Func<Invocation> Create,
    Func<Response> CreateResponse)
{
    /// <summary>The method itself, for filters.</summary>
    public required MethodInfo MethodInfo { get; init; }

    /// <summary>Number of the method within its interface: methods sorted by <see cref="Name"/>, ordinal.</summary>
    public int Index { get; init; }

    public bool OneWay { get; init; }

    public bool ReadOnly { get; init; }

    public bool AlwaysInterleave { get; init; }

    /// <summary>Returns an <see cref="IAsyncEnumerable{T}"/>: its invocation answers with a <see cref="SequenceResponse"/>.</summary>
    public bool IsSequence { get; init; }

    /// <summary>From <see cref="ResponseTimeoutAttribute"/> on the method, else on its interface; null: the default of 30 s.</summary>
    public TimeSpan? ResponseTimeout { get; init; }

    public bool Equals(GrainMethod? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => HashCode.Combine(InterfaceType, Index);

    public override string ToString() => $"{InterfaceAlias}.{Name}";
}

namespace Orleans.Runtime;

/// <summary>Identity of a grain: which kind, and which one of them.</summary>
[GenerateSerializer, Immutable, Alias("Orleans.GrainId")]
public readonly record struct GrainId([property: Id(0)] GrainType Type, [property: Id(1)] IdSpan Key) : IComparable<GrainId>
{
    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));

    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <summary>As <c>type/key</c>.</summary>
    public override string ToString() => $"{Type}/{Key}";

    public int CompareTo(GrainId other)
    {
        var byType = string.CompareOrdinal(Type.Value, other.Type.Value);
        return byType != 0 ? byType : string.CompareOrdinal(Key.Value, other.Key.Value);
    }

    public static bool operator <(GrainId left, GrainId right) => left.CompareTo(right) < 0;

    public static bool operator >(GrainId left, GrainId right) => left.CompareTo(right) > 0;

    public static bool operator <=(GrainId left, GrainId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(GrainId left, GrainId right) => left.CompareTo(right) >= 0;
}

/// <summary>The kind of a grain: the alias of its class, else the class name in lower case without "Grain".</summary>
[GenerateSerializer, Immutable, Alias("Orleans.GrainType")]
public readonly record struct GrainType([property: Id(0)] string Value)
{
    public static GrainType Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The key of a grain as text.</summary>
[GenerateSerializer, Immutable, Alias("Orleans.IdSpan")]
public readonly record struct IdSpan([property: Id(0)] string Value)
{
    public static IdSpan Create(string value) => new(value);

    public override string ToString() => Value;
}

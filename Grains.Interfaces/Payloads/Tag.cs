namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>What a reference slot begins with.</summary>
internal static class Tag
{
    public const byte Null = 0;

    /// <summary>A new object of exactly the slot's declared type.</summary>
    public const byte NewExact = 1;

    /// <summary>A new object; its type follows.</summary>
    public const byte New = 2;

    /// <summary>As <see cref="NewExact"/>, but its body comes after the root, so that long chains need no deep stack.</summary>
    public const byte DeferredExact = 3;

    /// <summary>As <see cref="New"/>, body after the root.</summary>
    public const byte Deferred = 4;

    /// <summary>This plus n is the n-th object of the payload again.</summary>
    public const byte FirstBackReference = 5;
}

/// <summary>What a type begins with.</summary>
internal static class TypeTag
{
    /// <summary>The n-th type spelled out in this payload.</summary>
    public const byte Again = 1;

    /// <summary>Assembly and full name.</summary>
    public const byte Named = 2;

    /// <summary>Definition and arguments.</summary>
    public const byte Generic = 3;

    /// <summary>One-dimensional array of an element type.</summary>
    public const byte Array = 4;

    /// <summary>Rank and element type.</summary>
    public const byte ArrayOfRank = 5;

    /// <summary>This plus n is the n-th of <see cref="WellKnownTypes"/>.</summary>
    public const byte FirstWellKnown = 16;
}

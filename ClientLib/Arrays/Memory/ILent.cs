namespace Orleans.Dask.Arrays;

/// <summary>
/// A value whose memory is lent to it, and may serve the next value once nobody has this one. A scheduler that knows all users
/// of a value holds it for them; everybody else does nothing, and the collector takes the memory as it takes any other.
/// </summary>
internal interface ILent
{
    /// <summary>One more has it.</summary>
    void Hold();

    /// <summary>One of those has it no more; after the last, its memory may be anybody's.</summary>
    void LetGo();

    /// <summary>Somebody has it who will not say when he is done: its memory is never used again.</summary>
    void Keep();
}

/// <summary>A function that keeps nothing of its arguments except in its result, which is made of <see cref="NDArray"/>s.</summary>
/// <remarks>User code keeps what it likes, so no function that calls it lends.</remarks>
internal interface ILending
{
    /// <summary>Whether that is so.</summary>
    bool Lends { get; }
}

/// <summary>The lent memory in values as tasks make them.</summary>
internal static class Lent
{
    public static void Hold(object? value) => Each(value, static lent => lent.Hold());

    public static void LetGo(object? value) => Each(value, static lent => lent.LetGo());

    public static void Keep(object? value) => Each(value, static lent => lent.Keep());

    /// <summary>A kernel's own, which nobody else has seen: its memory may be anybody's at once.</summary>
    public static void Return(object value)
    {
        Hold(value);
        LetGo(value);
    }

    /// <summary>Whether all memory that a value holds on to can be seen here.</summary>
    public static bool Shows(object? value) => value is null or ILent or ILent?[] || (value.GetType() is var type && (type.IsPrimitive || type.GetElementType() is { IsPrimitive: true }));

    private static void Each(object? value, Action<ILent> act)
    {
        if (value is ILent one)
        {
            act(one);
        }
        else if (value is ILent?[] several)
        {
            foreach (var item in several)
            {
                if (item is not null)
                {
                    act(item);
                }
            }
        }
    }
}

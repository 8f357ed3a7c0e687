namespace Orleans.Embedded;

/// <summary>As in the product (<c>Orleans.Dask.Planted</c> names both): defects planted on purpose, to see that a simulation finds them. Off they cost nothing.</summary>
internal static class Planted
{
    private static readonly string? s_name = AppContext.GetData("Orleans.Dask.Planted") as string;

    /// <summary>A state is said to be stored while it is only about to be.</summary>
    public static readonly bool WritesAreAcknowledgedEarly = Is("writes-are-acknowledged-early");

    /// <summary>A subscriber's end makes no room in a full stream.</summary>
    public static readonly bool LeavingMakesNoRoom = Is("leaving-makes-no-room");

    private static bool Is(string name) => s_name == name;
}

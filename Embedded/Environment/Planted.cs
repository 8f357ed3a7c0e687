namespace Orleans.Embedded;

/// <summary>As in the product (<c>Orleans.Dask.Planted</c> names both): defects planted on purpose, to see that a simulation finds them. Off they cost nothing.</summary>
internal static class Planted
{
    private static readonly string? s_name = AppContext.GetData("Orleans.Dask.Planted") as string;

    /// <summary>A state is said to be stored while it is only about to be.</summary>
    public static readonly bool WritesAreAcknowledgedEarly = Is("writes-are-acknowledged-early");

    /// <summary>Producers that wait for a consumer which is far behind are not woken when it is given up.</summary>
    public static readonly bool LeavingMakesNoRoom = Is("leaving-makes-no-room");

    /// <summary>What a silo hosts is told to a new owner once, whether it arrives or not.</summary>
    public static readonly bool HandoversAreTriedOnce = Is("handovers-are-tried-once");

    private static bool Is(string name) => s_name == name;
}

namespace Orleans.Embedded;

/// <summary>As in the product (<c>Orleans.Dask.Planted</c> names both): defects planted on purpose, to see that a simulation finds them. Off they cost nothing.</summary>
internal static class Planted
{
    private static readonly string? s_name = AppContext.GetData("Orleans.Dask.Planted") as string;

    /// <summary>Whoever writes last wins, whatever was stored meanwhile.</summary>
    public static readonly bool StaleWritersWin = Is("stale-writers-win");

    /// <summary>A state is said to be stored while it is only about to be.</summary>
    public static readonly bool WritesAreAcknowledgedEarly = Is("writes-are-acknowledged-early");

    /// <summary>A client whose newest connection broke is not answered over its others.</summary>
    public static readonly bool ClientsHaveOneConnection = Is("clients-have-one-connection");

    /// <summary>The directory names silos that are dead.</summary>
    public static readonly bool TheDeadStayInTheDirectory = Is("the-dead-stay-in-the-directory");

    private static bool Is(string name) => s_name == name;
}

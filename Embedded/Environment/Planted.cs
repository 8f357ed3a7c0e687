namespace Orleans.Embedded;

/// <summary>As in the product (<c>Orleans.Dask.Planted</c> names both): defects planted on purpose, to see that a simulation finds them. Off they cost nothing.</summary>
internal static class Planted
{
    private static readonly string? s_name = AppContext.GetData("Orleans.Dask.Planted") as string;

    /// <summary>A state is said to be stored while it is only about to be.</summary>
    public static readonly bool WritesAreAcknowledgedEarly = Is("writes-are-acknowledged-early");

    /// <summary>A subscriber's end makes no room in a full stream.</summary>
    public static readonly bool LeavingMakesNoRoom = Is("leaving-makes-no-room");

    /// <summary>A consumer of a stream does not know again what it has taken when the hub, which heard no answer, delivers it once more.</summary>
    public static readonly bool RedeliveredEventsComeTwice = Is("redelivered-events-come-twice");

    /// <summary>The grain of a stream that goes with its silo does not deliver what it has kept.</summary>
    public static readonly bool LeavingHubsDeliverNothing = Is("leaving-hubs-deliver-nothing");

    /// <summary>A subscription that could not be stored, and that its caller makes again, stays beside the other.</summary>
    public static readonly bool FailedSubscriptionsStay = Is("failed-subscriptions-stay");

    /// <summary>A client whose connections have broken is taken for gone at once, and its subscriptions end.</summary>
    public static readonly bool ClientsAreGivenUpAtOnce = Is("clients-are-given-up-at-once");

    /// <summary>What a silo hosts is told to the owner of a part of the directory once, whether it arrives or not.</summary>
    public static readonly bool HandoversAreTriedOnce = Is("handovers-are-tried-once");

    private static bool Is(string name) => s_name == name;
}

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Defects planted on purpose, by which the simulator shows that it would find them. One at a time, named by the program before
/// anything else runs (<c>AppContext.SetData(Planted.Switch, name)</c>); a program that names none has none, and the compiler
/// leaves no trace of them in hot code: each is a constant once its method is compiled for speed.
/// </summary>
internal static class Planted
{
    public const string Switch = "Orleans.Dask.Planted";

    private static readonly string? s_name = AppContext.GetData(Switch) as string;

    // ---- scheduler

    /// <summary>Tasks of a lost worker are not handed on.</summary>
    public static readonly bool LostWorkerKeepsItsTasks = Is("lost-worker-keeps-its-tasks");

    /// <summary>An input is let go when the first of its users is done.</summary>
    public static readonly bool InputGoesWithItsFirstUser = Is("input-goes-with-its-first-user");

    /// <summary>A batch that comes twice is applied twice, one that overtook another at once.</summary>
    public static readonly bool BatchesCountNoMore = Is("batches-count-no-more");

    /// <summary>Outcomes are forgotten when they are sent, not when they are known to have arrived.</summary>
    public static readonly bool NewsAreToldOnce = Is("news-are-told-once");

    /// <summary>The outbox to a worker does not repeat a batch that got no answer.</summary>
    public static readonly bool CommandsAreSentOnce = Is("commands-are-sent-once");

    /// <summary>A value whose last holder was lost is thought to be in memory still.</summary>
    public static readonly bool LostValuesAreNotMissed = Is("lost-values-are-not-missed");

    /// <summary>A value that only a leaving worker holds is not fetched by another.</summary>
    public static readonly bool LastCopiesStay = Is("last-copies-stay");

    /// <summary>The client is not told of a wanted value that a worker turns out to hold while its task waits.</summary>
    public static readonly bool ValuesFoundAreNotTold = Is("values-found-are-not-told");

    // ---- worker

    /// <summary>A new scheduler is not told what runs already.</summary>
    public static readonly bool RunsAreNotTold = Is("runs-are-not-told");

    /// <summary>A report that could not be delivered is dropped.</summary>
    public static readonly bool ReportsAreSentOnce = Is("reports-are-sent-once");

    /// <summary>An input whose holder cannot be reached is asked for for ever.</summary>
    public static readonly bool FetchesNeverGiveUp = Is("fetches-never-give-up");

    /// <summary>A run that goes on under a scheduler that begins it anew is answered as the attempt it was.</summary>
    public static readonly bool RunsKeepTheirFirstAttempt = Is("runs-keep-their-first-attempt");

    /// <summary>What a task returns after its session's end is kept.</summary>
    public static readonly bool LateValuesAreKept = Is("late-values-are-kept");

    /// <summary>The rest of a large input is not asked for again when a piece did not come.</summary>
    public static readonly bool LargeInputsAreAskedForOnce = Is("large-inputs-are-asked-for-once");

    /// <summary>Commands of an older scheduler are carried out if their number is the next.</summary>
    public static readonly bool OlderEpochsAreObeyed = Is("older-epochs-are-obeyed");

    /// <summary>A task that is tried again takes its inputs in the opposite order.</summary>
    public static readonly bool LaterAttemptsMixInputs = Is("later-attempts-mix-inputs");

    /// <summary>Who announces values to other silos gives up, without a word, when one of them cannot be reached.</summary>
    public static readonly bool AnnouncersFailUnheard = Is("announcers-fail-unheard");

    /// <summary>The activation that is the door to a store takes the values along when it goes.</summary>
    public static readonly bool ActivationsTakeValuesAlong = Is("activations-take-values-along");

    // ---- chunk store

    /// <summary>Released values stay.</summary>
    public static readonly bool ReleasedValuesStay = Is("released-values-stay");

    /// <summary>A value that is not in its session is taken from another.</summary>
    public static readonly bool SessionsShareValues = Is("sessions-share-values");

    // ---- client session

    /// <summary>The client confirms one more of the news than it has seen.</summary>
    public static readonly bool NewsAreConfirmedUnseen = Is("news-are-confirmed-unseen");

    /// <summary>After a new epoch only what nobody waits for any more is submitted again.</summary>
    public static readonly bool OpenFuturesAreNotBroughtBack = Is("open-futures-are-not-brought-back");

    /// <summary>A message to the scheduler that failed is not sent again.</summary>
    public static readonly bool BatchesAreSentOnce = Is("batches-are-sent-once");

    /// <summary>Futures that are let go late take along the value of those that were asked for under the same key since.</summary>
    public static readonly bool LateDropsUnwantSuccessors = Is("late-drops-unwant-successors");

    /// <summary>What failed in an earlier epoch is unknown to the scheduler of a later one when something takes it.</summary>
    public static readonly bool FailuresAreNotBroughtBack = Is("failures-are-not-brought-back");

    // ---- code

    /// <summary>A fetch of code that fails does not let the next one begin.</summary>
    public static readonly bool FailedFetchesKeepTheirTurn = Is("failed-fetches-keep-their-turn");

    private static bool Is(string name) => s_name == name;
}

namespace Orleans.Dask.Benchmarks;

/// <summary>
/// One line of a comparison with a peer. <see cref="Prepare"/> is what the peer does before its clock starts, and happens
/// anew for every repeat, so that nothing is found from the run before.
/// </summary>
/// <param name="Name">As the peer's function is called.</param>
/// <param name="N">How many things are done: the rate is this over the seconds.</param>
/// <param name="Prepare">Makes what one run needs, outside the clock.</param>
public sealed record Scenario(string Name, long N, Func<Task<IScenarioRun>> Prepare)
{
    /// <summary>How often the clock runs, if not <c>REPEAT</c> times.</summary>
    public int? Repeat { get; init; }
}

/// <summary>One repeat of a scenario, set up and ready.</summary>
public interface IScenarioRun : IAsyncDisposable
{
    /// <summary>Inside the clock.</summary>
    /// <returns>What the answer adds up to: compared with the peer's.</returns>
    Task<double> RunAsync();

    /// <summary>After the clock: further figures for the line, such as how many functions were called.</summary>
    IEnumerable<(string Name, object Value)> Report() => [];
}

/// <summary>The scenarios of one area; each area has its file in <c>Scenarios/</c> and its line in <see cref="ScenarioRunner"/>.</summary>
public interface IScenarioSource
{
    /// <summary>What there is.</summary>
    IEnumerable<Scenario> Scenarios { get; }
}

/// <summary>A run of delegates, for scenarios without anything to take down.</summary>
public sealed class ScenarioRun(Func<Task<double>> run, Func<IEnumerable<(string Name, object Value)>>? report = null, Func<ValueTask>? end = null) : IScenarioRun
{
    public Task<double> RunAsync() => run();

    public IEnumerable<(string Name, object Value)> Report() => report?.Invoke() ?? [];

    public ValueTask DisposeAsync() => end?.Invoke() ?? default;
}

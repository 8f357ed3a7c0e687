using System.Diagnostics;
using System.Globalization;
using System.Net;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>
/// Silo processes killed as by <c>kill -9</c>, with options as they come: how long until the two silos that go on have declared it
/// dead, and until a client that came in by the dead one's gateway knows and has an answer from another.
/// </summary>
internal static class DeathTable
{
    public const string Command = "deaths";

    private const int Times = 10;

    public static async Task<int> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| killed | times | silos know after, median (longest) | a client knows | and has an answer |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- |");
        foreach (var isPrimary in (bool[])[false, true])
        {
            var (silos, client, answer) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
            for (var i = 0; i < Times; i++)
            {
                var known = await OnceAsync(isPrimary);
                silos.Add(known.Silos);
                client.Add(known.Client);
                answer.Add(known.Answer);
            }

            await output.WriteLineAsync($"| {(isPrimary ? "the primary" : "another silo")} | {Times} | {Text(silos)} | {Text(client)} | {Text(answer)} |");
        }

        return 0;
    }

    private static async Task<(TimeSpan Silos, TimeSpan Client, TimeSpan Answer)> OnceAsync(bool isPrimary)
    {
        // The survivors live in this process, which sees at once what they know.
        var first = isPrimary ? null : await BareSilo.StartAsync();
        await using var victim = await SiloProcess.StartAsync(first?.Address.Endpoint.Port);
        first ??= await BareSilo.StartAsync(new IPEndPoint(IPAddress.Loopback, victim.Port));
        await using var survivor = first;
        await using var other = await BareSilo.StartAsync(isPrimary ? new IPEndPoint(IPAddress.Loopback, victim.Port) : survivor.Address.Endpoint);
        var dead = survivor.Membership.Table.ActiveSilos.Single(silo => silo.Endpoint.Port == victim.Port);
        await other.Membership.Refresh(new Orleans.Runtime.MembershipVersion(survivor.Membership.Table.Version));
        while (KnownTo(victim.Client).ActiveSilos.Length < 3)
        {
            await Task.Delay(1);
        }

        var begun = Stopwatch.GetTimestamp();
        victim.Kill();
        var silos = Task.WhenAll(UntilAsync(() => survivor.Membership.IsDead(dead)), UntilAsync(() => other.Membership.IsDead(dead)));
        var client = UntilAsync(() => KnownTo(victim.Client).IsDead(dead));
        var answer = AnswerAsync();
        return (await silos, await client, await answer) switch { var (a, b, c) => (a.Max(), b, c) };

        async Task<TimeSpan> UntilAsync(Func<bool> condition)
        {
            while (!condition())
            {
                await Task.Delay(1);
            }

            return Stopwatch.GetElapsedTime(begun);
        }

        async Task<TimeSpan> AnswerAsync()
        {
            await UntilAsync(() => KnownTo(victim.Client).IsDead(dead));
            await victim.Client.GetGrain<IBenchGrain>("after").NothingAsync();
            return Stopwatch.GetElapsedTime(begun);
        }
    }

    private static MembershipTable KnownTo(EmbeddedClient client) => ((IMembershipTarget)client).ReadAsync().GetAwaiter().GetResult();

    private static string Text(List<TimeSpan> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2].TotalSeconds:0.00} s ({times[^1].TotalSeconds:0.00} s)");
    }
}

using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Which kind of grain stands behind an interface, by what all silos of the cluster host.</summary>
internal sealed class ClusterGrains(Func<MembershipTable> table, HostedGrain[] own)
{
    private volatile Answers _answers = new(-1, new());

    public GrainType Resolve(Type interfaceType, string? classPrefix)
    {
        var now = table();
        var answers = _answers;
        if (answers.Version != now.Version)
        {
            _answers = answers = new Answers(now.Version, new());
        }

        return answers.Found.GetOrAdd((interfaceType, classPrefix), _ => Find(now, interfaceType, classPrefix));
    }

    private GrainType Find(MembershipTable now, Type interfaceType, string? classPrefix)
    {
        var alias = GrainInterfaces.Get(interfaceType).Alias;
        var candidates = In(now.Entries.Where(e => e.Status is SiloStatus.Joining or SiloStatus.Active));
        if (candidates.Length == 0)
        {
            // Those that host it are leaving, or gone: then a call fails, and may be tried again; it is not the program that is wrong.
            candidates = In(now.Entries);
        }

        HostedGrain[] In(IEnumerable<MemberEntry> silos) =>
            [.. silos.SelectMany(e => e.Grains).Concat(own).DistinctBy(g => g.Type).Where(g => g.Interfaces.Contains(alias))];

        if (candidates.Length == 0)
        {
            throw new ArgumentException($"No silo of the cluster has a grain class that implements {interfaceType}. Refer to the class' assembly from the silo's program.");
        }

        var chosen = classPrefix is null ? candidates : [.. candidates.Where(g => g.ClassName.StartsWith(classPrefix, StringComparison.Ordinal))];
        if (chosen.Length > 1)
        {
            // As Orleans does: IFooGrain is first of all FooGrain.
            var byName = chosen.Where(g => g.ClassName.AsSpan(g.ClassName.LastIndexOfAny(['.', '+']) + 1).SequenceEqual(interfaceType.Name.AsSpan(1))).ToArray();
            chosen = byName.Length == 1 ? byName : chosen;
        }

        return chosen.Length == 1
            ? GrainType.Create(chosen[0].Type)
            : throw new ArgumentException(
                $"{interfaceType} is implemented by {string.Join(", ", candidates.Select(g => g.ClassName))}. Pass a grainClassNamePrefix that only one of them begins with.");
    }

    private sealed record Answers(long Version, ConcurrentDictionary<(Type, string?), GrainType> Found);
}

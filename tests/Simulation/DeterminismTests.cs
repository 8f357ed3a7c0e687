using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.Dask.Simulation;

/// <summary>What would take a run out of the simulator's hands is not called: looked up in the compiled assemblies, where no alias hides it.</summary>
public sealed class DeterminismTests
{
    private static readonly HashSet<string> s_banned = new(StringComparer.Ordinal)
    {
        "Task.Run", "Task.ConfigureAwait", "Task`1.ConfigureAwait", "ValueTask.ConfigureAwait", "ValueTask`1.ConfigureAwait",
        "Guid.NewGuid", "Guid.CreateVersion7", "Random.get_Shared", "Random..ctor", "Stopwatch.StartNew", "Stopwatch.GetTimestamp", "Stopwatch..ctor",
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow", "Environment.get_TickCount", "Environment.get_TickCount64",
        "Timer..ctor", "PeriodicTimer..ctor", "Thread.Sleep", "Parallel.ForEach", "Parallel.ForEachAsync", "Parallel.For",
        "CancellationTokenSource.CancelAsync", "CancellationTokenSource.CancelAfter", "ChannelReader`1.ReadAllAsync",
    };

    /// <summary>Whoever may, and why.</summary>
    private static readonly HashSet<string> s_allowed = new(StringComparer.Ordinal)
    {
        // Flags of its own for awaiting a task that has ended already.
        "Orleans.Dask.Embedded: Task.ConfigureAwait",
    };

    [Theory]
    [InlineData("Orleans.Dask.Embedded")]
    [InlineData("Orleans.Dask.Grains")]
    [InlineData("Orleans.Dask.Grains.Interfaces")]
    [InlineData("Orleans.Dask.Streams")]
    public void What_a_simulation_cannot_steer_is_not_called(string assembly)
    {
        var found = Calls(assembly).Where(s_banned.Contains).Where(call => !s_allowed.Contains($"{assembly}: {call}")).Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length == 0, $"{assembly} calls {string.Join(", ", found)}. Time, randomness, turns and work go through the seams: TimeProvider, IRandomness, ITurnScheduler, IExecutor.");
    }

    [Fact]
    public void The_look_into_assemblies_sees_what_is_called() => Assert.Contains("Guid.NewGuid", Calls("Orleans.Dask"));

    private static HashSet<string> Calls(string assembly)
    {
        // ClientLib is called like its users' namespace.
        var name = assembly == "Orleans.Dask" ? typeof(DaskClient).Assembly.Location : Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        using var file = new PEReader(File.OpenRead(name));
        var reader = file.GetMetadataReader();
        var calls = new HashSet<string>(StringComparer.Ordinal);
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (TypeOf(reader, member.Parent) is { } type)
            {
                calls.Add($"{type}.{reader.GetString(member.Name)}");
            }
        }

        return calls;
    }

    private static string? TypeOf(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name),
        HandleKind.TypeSpecification => Generic(reader, reader.GetTypeSpecification((TypeSpecificationHandle)parent)),
        _ => null,
    };

    private static string? Generic(MetadataReader reader, TypeSpecification specification)
    {
        var blob = reader.GetBlobReader(specification.Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        blob.ReadCompressedInteger();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name) : null;
    }
}

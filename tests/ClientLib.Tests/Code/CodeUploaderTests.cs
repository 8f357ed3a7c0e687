using System.Security.Cryptography;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Code;

public class CodeUploaderTests
{
    private static readonly Payload Lambda = Payload.Of((Func<int, int>)(x => x + 1));

    [Fact]
    public async Task An_assembly_is_brought_with_its_references_but_without_dotnet_and_ourselves()
    {
        var grain = new EmptyCodeGrain();
        using var uploader = new CodeUploader(grain, TimeSpan.FromSeconds(10), TimeProvider.System);
        await uploader.EnsureAsync(Lambda.Assemblies, CancellationToken.None);

        var names = grain.Told.Select(id => id.Name).ToHashSet();
        Assert.Contains(typeof(CodeUploaderTests).Assembly.GetName().Name!, names);
        Assert.Contains("xunit.core", names);
        Assert.DoesNotContain(names, House.Contains);
        Assert.DoesNotContain(names, name => name.StartsWith("System.", StringComparison.Ordinal) && name != "System.Numerics.Tensors");
        foreach (var id in grain.Told)
        {
            Assert.Equal(id.Sha256, Convert.ToHexStringLower(SHA256.HashData(grain.Files[id.Sha256])));
        }

        Assert.InRange(grain.LargestPiece, 1, ICodeGrain.PieceBytes);
    }

    [Fact]
    public async Task What_was_brought_is_not_brought_twice_and_what_was_lost_is()
    {
        var grain = new EmptyCodeGrain();
        using var uploader = new CodeUploader(grain, TimeSpan.FromSeconds(10), TimeProvider.System);
        await uploader.EnsureAsync(Lambda.Assemblies, CancellationToken.None);
        var calls = grain.Calls;
        await uploader.EnsureAsync(Lambda.Assemblies, CancellationToken.None);
        Assert.Equal(calls, grain.Calls);

        var lost = Lambda.Assemblies[0].Sha256;
        var told = grain.Told.ToArray();
        grain.Files.Clear();
        grain.Told.Clear();
        await uploader.BringAgainAsync([lost], CancellationToken.None);
        Assert.Equal(told.ToHashSet(), grain.Told);
        Assert.Contains(lost, grain.Files.Keys);
    }

    [Fact]
    public async Task A_silo_that_loses_the_beginning_of_a_file_gets_it_again()
    {
        var grain = new EmptyCodeGrain { LosesOnce = true };
        using var uploader = new CodeUploader(grain, TimeSpan.FromSeconds(10), TimeProvider.System);
        await uploader.EnsureAsync(Lambda.Assemblies, CancellationToken.None);
        Assert.False(grain.LosesOnce);
        Assert.All(grain.Told, id => Assert.True(grain.Files.ContainsKey(id.Sha256)));
    }

    [Fact]
    public async Task Payloads_of_framework_types_need_nothing()
    {
        var grain = new EmptyCodeGrain();
        using var uploader = new CodeUploader(grain, TimeSpan.FromSeconds(10), TimeProvider.System);
        await uploader.EnsureAsync(Payload.Of(new Dictionary<string, double[]> { ["a"] = [1] }).Assemblies, CancellationToken.None);
        Assert.Equal(0, grain.Calls);
    }

    /// <summary>A silo to which nothing is deployed.</summary>
    private sealed class EmptyCodeGrain : ICodeGrain
    {
        public HashSet<AssemblyIdentity> Told { get; } = [];

        public Dictionary<string, byte[]> Files { get; } = [];

        public int Calls { get; private set; }

        public int LargestPiece { get; private set; }

        public bool LosesOnce { get; set; }

        public Task<AssemblyIdentity[]> MissingAsync(AssemblyIdentity[] assemblies)
        {
            Calls++;
            Told.UnionWith(assemblies);
            return Task.FromResult(assemblies.Where(id => !Files.ContainsKey(id.Sha256)).ToArray());
        }

        public Task<long> WriteAsync(string sha256, long offset, long total, byte[] bytes)
        {
            Calls++;
            LargestPiece = Math.Max(LargestPiece, bytes.Length);
            if (LosesOnce)
            {
                LosesOnce = false;
                return Task.FromResult(0L);
            }

            Files[sha256] = [.. Files.GetValueOrDefault(sha256, [])[..(int)offset], .. bytes];
            return Task.FromResult(offset + bytes.Length);
        }

        public Task<AssemblyIdentity[]> ListAsync() => Task.FromResult(Told.ToArray());

        public Task<CodePiece?> ReadAsync(string sha256, long offset) => Task.FromResult<CodePiece?>(null);

        public Task EndAsync() => Task.CompletedTask;
    }
}

using System.Diagnostics;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Code;

/// <summary>Two real processes: a client's program encodes; this one, which has never seen its assembly, runs it and answers.</summary>
public sealed class StrangerTests : IDisposable
{
    private static readonly SessionId Session = new("stranger");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dask-stranger-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Functions_of_a_program_never_seen_run_here_and_their_results_go_home()
    {
        await StrangerAsync("send", _folder.FullName);
        var store = new CodeStore(new CodeOptions());
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "assemblies")))
        {
            var parts = line.Split('\t');
            var id = new AssemblyIdentity(parts[0], parts[1], Guid.Parse(parts[2]));
            Assert.Null(LoadedCode.Instance.Resolve(id));
            var bytes = await File.ReadAllBytesAsync(parts[3]);
            store.Tell(Session, [id]);
            Assert.Equal(bytes.Length, store.Write(Session, id.Sha256, 0, bytes.Length, bytes));
        }

        var codes = new SessionCodes(new CodeStore(new CodeOptions()), new CodeOptions(), session => new ScriptedCodeGrain(session, store), TimeProvider.System);
        Assert.Equal(34.5, (await ReadAsync<Func<string, double>>(codes, "captures"))("THREE"));
        Assert.Equal(2, (await ReadAsync<Func<int, int>>(codes, "plain"))(1));
        Assert.Equal(6, (await ReadAsync<Func<int>>(codes, "statics"))());
        Assert.Equal(9, (await ReadAsync<Func<IEnumerable<int>, int>>(codes, "generic"))([3, 9, 4]));
        Assert.Equal(73, await (await ReadAsync<Func<int, Task<int>>>(codes, "async"))(7));

        var reading = (await ReadAsync<Func<double, object>>(codes, "record"))(1.5);
        var answer = Path.Combine(_folder.FullName, "answer");
        await File.WriteAllBytesAsync(answer, Payload.Of(reading).Encode());
        Assert.Contains("Mean = 2", await StrangerAsync("check", answer), StringComparison.Ordinal);
        codes.End(Session);
    }

    private async Task<T> ReadAsync<T>(SessionCodes codes, string name)
    {
        var payload = Payload.FromBytes(await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, name + ".payload")));
        return payload.Read<T>(await codes.PrepareAsync(Session, payload));
    }

    private static async Task<string> StrangerAsync(params string[] arguments)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Stranger", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Orleans.Dask.Stranger.dll"));
        Assert.True(File.Exists(program), $"{program} is not built.");
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}

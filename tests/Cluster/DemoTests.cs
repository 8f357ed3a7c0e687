using System.Diagnostics;
using Orleans.Dask.Silo;

namespace Orleans.Dask.Cluster;

/// <summary>The demo as people start it: a process of its own, its output, and nothing left behind.</summary>
public class DemoTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_demo_runs_all_its_parts_and_leaves_no_process()
    {
        var (code, output, error) = await RunAsync("demo", "--rows", "3000", "--repeats", "4");
        Assert.True(code == 0, $"Exit code {code}.\n{output}\n{error}");

        // 9 * (1 + 2 + 3 + 4) - 9688, and the pipeline of the report.
        Assert.Contains("total -9598; parallel time", output, StringComparison.Ordinal);
        Assert.Contains("for 17 tasks on 2 silos with 2 slots", output, StringComparison.Ordinal);
        Assert.Contains("Best hour: ", output, StringComparison.Ordinal);
        Assert.Contains("std 0.", output, StringComparison.Ordinal);
        Assert.Contains("13\ntotal so far=13\n16\ntotal so far=29\n19\ntotal so far=48\n22\ntotal so far=70\n", output, StringComparison.Ordinal);
        Assert.Contains("All silos have stopped.", output, StringComparison.Ordinal);
        foreach (var id in Processes(output))
        {
            Assert.False(IsAlive(id), $"Silo process {id} is still there.\n{output}");
        }
    }

    [Fact]
    public async Task A_missing_file_is_told_before_anything_starts()
    {
        var (code, output, error) = await RunAsync("demo", "--data", "no-such-rides.csv");
        Assert.Equal(1, code);
        Assert.Contains("no-such-rides.csv", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--silos", "0")]
    [InlineData("--only", "everything")]
    [InlineData("--rows", "many")]
    public async Task What_cannot_be_is_refused(string option, string value)
    {
        var (code, _, error) = await RunAsync("demo", option, value);
        Assert.Equal(1, code);
        Assert.Contains(value, error, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Processes(string output)
    {
        var line = output.Split('\n').Single(line => line.Contains("; processes ", StringComparison.Ordinal));
        return line[(line.IndexOf("; processes ", StringComparison.Ordinal) + 12)..].Split(',').Select(id => int.Parse(id, null));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(LocalCluster).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, (await output).ReplaceLineEndings("\n"), await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

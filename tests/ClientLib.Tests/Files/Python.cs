using System.Diagnostics;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>The system's Python, with Debian's numpy, zarr and h5py: what the files are held against. test.sh sees that they are there.</summary>
internal static class Python
{
    /// <summary>Runs a program; its first argument is <paramref name="argument"/>.</summary>
    /// <returns>What it prints.</returns>
    public static async Task<string> RunAsync(string program, string argument)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"Python failed: {await errors}");
    }
}

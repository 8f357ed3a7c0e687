using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Benchmarks.Memory;

/// <summary>
/// Operations on arrays of several times the memory limit, each in a process of its own: how much its resident memory grew at
/// most, how long it took, what was written to the disk for want of memory.
/// </summary>
public static class LargerThanMemory
{
    /// <summary>As the command line names it.</summary>
    public const string Command = "memory";

    private const string One = "--one";

    /// <summary>Arguments: megabytes of the array (4096), of the limit (512), chunks a line (64), then operations; none: all.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        if (args is [One, var name, var folder, .. var sizes])
        {
            await output.WriteLineAsync(await MeasureAsync(name, folder, new Size(sizes)));
            return 0;
        }

        var numbers = args.TakeWhile(a => int.TryParse(a, CultureInfo.InvariantCulture, out _)).ToArray();
        string[] operations = [.. args.Skip(numbers.Length)];
        var size = new Size(numbers);
        await output.WriteLineAsync($"array {size.Array >> 20} MB, limit {size.Limit >> 20} MB, {size.Chunks} chunks, {Environment.ProcessorCount} cores");
        await output.WriteLineAsync("| operation | seconds | resident growth, MB | held at most, MB | written to disk, MB | check |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- |");
        var code = 0;
        foreach (var operation in operations is [] ? [.. Operations.All.Keys] : operations)
        {
            code |= await ChildAsync(operation, numbers, output);
        }

        return code;
    }

    private static async Task<int> ChildAsync(string operation, string[] numbers, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("orleans-dask-memory-").FullName;
        try
        {
            // 'dotnet program.dll' or the program itself, as this process was started.
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
            string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(LargerThanMemory).Assembly.Location] : [];
            Array.ForEach((string[])[.. program, Command, One, operation, folder, .. numbers], start.ArgumentList.Add);
            using var child = Process.Start(start)!;
            await output.WriteAsync(await child.StandardOutput.ReadToEndAsync());
            await child.WaitForExitAsync();
            return child.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(string name, string folder, Size size)
    {
        var operation = Operations.All[name];

        // Once in small: code is compiled, buffers of the framework are there.
        var small = new Size(["16", "4", "16"]);
        await operation(small, new ThreadsScheduler(memoryLimit: small.Limit, spillFolder: folder), Directory.CreateDirectory(Path.Combine(folder, "small")).FullName);
        GC.Collect();
        var scheduler = new ThreadsScheduler(memoryLimit: size.Limit, spillFolder: folder);
        var before = Status("VmRSS");
        var begun = Stopwatch.GetTimestamp();
        var check = await operation(size, scheduler, Directory.CreateDirectory(Path.Combine(folder, "large")).FullName);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var growth = Status("VmHWM") - before;
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {seconds:0.0} | {growth >> 10} | {scheduler.PeakBytes >> 20} | {scheduler.SpilledBytes >> 20} | {check} |");
    }

    private static long Status(string name) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}

/// <summary>What is measured: megabytes of the array and of the limit, and how many chunks a line has.</summary>
public sealed class Size(string[] numbers)
{
    public long Array { get; } = Number(numbers, 0, 4096) << 20;

    public long Limit { get; } = Number(numbers, 1, 512) << 20;

    public int Chunks { get; } = (int)Number(numbers, 2, 64);

    /// <summary>Elements of 8 bytes.</summary>
    public long Elements => Array / sizeof(double);

    private static long Number(string[] numbers, int index, long fallback) =>
        numbers.Length > index ? long.Parse(numbers[index], CultureInfo.InvariantCulture) : fallback;
}

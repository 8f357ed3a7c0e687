using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Which process this is: two parts of the cluster with the same identity hand each other objects, others bytes.</summary>
public static class ProcessIdentity
{
    /// <summary>Machine, process id and start.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{process.StartTime.ToUniversalTime().Ticks:x}");
    }
}

using System.Globalization;

namespace Orleans.Dask.TestKit;

/// <summary>What the kernel tells of processes.</summary>
public static class ProcessTable
{
    /// <summary>Processes whose parent is <paramref name="parent"/>, those that have ended but were not waited for left out.</summary>
    public static IReadOnlyList<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Status(id) is { } status && status.Parent == parent && status.State != 'Z')
            {
                children.Add(id);
            }
        }

        return children;
    }

    /// <summary>Whether it runs (or is stopped), and has not merely been left unwaited for.</summary>
    public static bool IsAlive(int process) => Status(process) is { State: not 'Z' };

    /// <summary>Its number and its command line, for messages.</summary>
    public static string Describe(int process)
    {
        try
        {
            return $"{process}: {File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")).Replace('\0', ' ')}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{process}: ended";
        }
    }

    /// <summary>Sockets of a process that listen, or that are connected to <paramref name="toPorts"/>, by their numbers in the kernel.</summary>
    public static IReadOnlyDictionary<long, int> Sockets(int process, IReadOnlySet<int>? toPorts = null)
    {
        var mine = Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd")).Select(SocketOf).ToHashSet();
        return AllSockets().Where(s => mine.Contains(s.Number) && (s.Listens || toPorts?.Contains(s.RemotePort) == true)).ToDictionary(s => s.Number, s => s.Port);
    }

    /// <summary>Those of <paramref name="numbers"/> that still listen, whoever has them.</summary>
    public static IReadOnlyList<int> StillListening(IEnumerable<long> numbers)
    {
        var all = numbers.ToHashSet();
        return [.. AllSockets().Where(s => s.Listens && all.Contains(s.Number)).Select(s => s.Port)];
    }

    // -1: something else, or closed while we looked.
    private static long SocketOf(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name is { } target && target.StartsWith("socket:[", StringComparison.Ordinal)
                ? long.Parse(target.AsSpan(8, target.Length - 9), CultureInfo.InvariantCulture)
                : -1;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    // "sl local remote state ...": addresses and ports in hex; 0A is LISTEN; the tenth field is the socket's number.
    private static IEnumerable<(long Number, int Port, int RemotePort, bool Listens)> AllSockets()
    {
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1).Concat(File.ReadLines("/proc/net/tcp6").Skip(1)))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return (long.Parse(fields[9], CultureInfo.InvariantCulture), Port(fields[1]), Port(fields[2]), fields[3] == "0A");
        }
    }

    private static int Port(string address) => int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // "pid (name) state parent ...": the name may hold anything, so the last bracket counts.
    private static (char State, int Parent)? Status(int process)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return null;
        }
    }
}

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

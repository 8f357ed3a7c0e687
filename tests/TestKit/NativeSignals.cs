using System.Runtime.InteropServices;

namespace Orleans.Dask.TestKit;

/// <summary>Signals to other processes.</summary>
public static partial class NativeSignals
{
    public const int Stop = 19;
    public const int Continue = 18;
    public const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>
/// The system's libhdf5, from 1.10 on. It is not made for several threads: whoever calls it holds <see cref="Gate"/>.
/// Handles are numbers; <see cref="Hdf5Handle"/> gives them back.
/// </summary>
internal static unsafe partial class Hdf5
{
    private const string Library = "hdf5";

    // As Debian names it first, then as others do.
    private static readonly string[] s_names =
        ["libhdf5_serial.so.103", "libhdf5_serial.so", "libhdf5.so.310", "libhdf5.so.200", "libhdf5.so.103", "libhdf5.so", "hdf5.dll", "libhdf5.dylib"];

    private static readonly nint s_library = Load();

    [ThreadStatic]
    private static string? t_reason;

    /// <summary>One call at a time.</summary>
    public static Lock Gate { get; } = new();

    public static bool IsFound => s_library != 0;

    /// <exception cref="ArrayFileException">It is not there.</exception>
    public static void Require(string file)
    {
        if (!IsFound)
        {
            throw new ArrayFileException($"{file}: HDF5 needs libhdf5 1.10 or later, which was not found. Install it (on Debian: libhdf5-103-1), or have the array written as Zarr or .npy.");
        }
    }

    /// <summary>A type, property list class or the like that the library keeps in a variable.</summary>
    public static long Variable(string name) => *(long*)NativeLibrary.GetExport(s_library, name);

    /// <summary>What the library says about the last failure, its cause first.</summary>
    public static string Reason()
    {
        t_reason = "";
        return H5Ewalk2(0, 0, &Take, null) >= 0 && t_reason.Length > 0 ? t_reason : "no reason given";
    }

    /// <summary>The error of a call that has failed.</summary>
    /// <param name="status">As the call gave it.</param>
    /// <param name="what">What was done, with the file's name.</param>
    public static void Check(int status, string what)
    {
        if (status < 0)
        {
            throw new ArrayFileException($"{what} failed. libhdf5: {Reason()}.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Take(uint number, ErrorEntry* entry, void* data)
    {
        if (number < 2)
        {
            t_reason += string.Create(CultureInfo.InvariantCulture, $"{(number > 0 ? " in " : "")}{Marshal.PtrToStringUTF8(entry->Description)}");
        }

        return 0;
    }

    private static nint Load()
    {
        foreach (var name in s_names)
        {
            if (!NativeLibrary.TryLoad(name, typeof(Hdf5).Assembly, null, out var library))
            {
                continue;
            }

            // 1.8 and before have handles of 32 bits.
            if (NativeLibrary.TryGetExport(library, "H5get_libversion", out var version))
            {
                uint major, minor, release;
                ((delegate* unmanaged[Cdecl]<uint*, uint*, uint*, int>)version)(&major, &minor, &release);
                if (major > 1 || minor >= 10)
                {
                    NativeLibrary.SetDllImportResolver(typeof(Hdf5).Assembly, (wanted, assembly, path) => wanted == Library ? library : 0);
                    ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "H5open"))();

                    // It would print every failure.
                    ((delegate* unmanaged[Cdecl]<long, nint, nint, int>)NativeLibrary.GetExport(library, "H5Eset_auto2"))(0, 0, 0);
                    return library;
                }
            }
        }

        return 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ErrorEntry
    {
        public long Class, Major, Minor;
        public uint Line;
        public nint Function, File, Description;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Dask.LinearAlgebra;

/// <summary>Finds OpenBLAS and the Fortran LAPACK inside it. <c>ORLEANS_DASK_OPENBLAS</c> names another library, or <c>none</c>.</summary>
internal static unsafe class OpenBlas
{
    private static readonly string[] s_names = ["libopenblas.so.0", "libopenblas.dylib", "libopenblas.dll", "openblas"];
    private static readonly Lazy<nint> s_library = new(Load);

    /// <summary>Whether a library was found.</summary>
    public static bool IsFound => s_library.Value != 0;

    /// <summary>The native algebra of an element type, or null: no library, or no routines for that type.</summary>
    public static NativeAlgebra<T>? TryCreate<T>()
        where T : unmanaged, INumberBase<T> =>
        !IsFound ? null
        : typeof(T) == typeof(double) ? new NativeAlgebra<T>(s_library.Value, 'd')
        : typeof(T) == typeof(float) ? new NativeAlgebra<T>(s_library.Value, 's')
        : null;

    private static nint Load()
    {
        var named = Environment.GetEnvironmentVariable("ORLEANS_DASK_OPENBLAS");
        foreach (var name in string.IsNullOrEmpty(named) ? s_names : named == "none" ? [] : [named])
        {
            if (NativeLibrary.TryLoad(name, typeof(OpenBlas).Assembly, null, out var library)
                && NativeLibrary.TryGetExport(library, "dgesdd_", out _))
            {
                // The scheduler runs one chunk per core: threads inside a chunk would only fight over the same cores.
                if (NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out var set))
                {
                    ((delegate* unmanaged[Cdecl]<int, void>)set)(1);
                }

                return library;
            }
        }

        return 0;
    }
}

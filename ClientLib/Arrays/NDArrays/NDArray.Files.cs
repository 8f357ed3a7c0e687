using Orleans.Dask.Arrays;
using Orleans.Dask.Files;

namespace Orleans.Dask;

/// <summary>Arrays in memory, to and from files.</summary>
public static class NDArrayFiles
{
    /// <param name="array">What is written.</param>
    extension(NDArray array)
    {
        /// <summary>Reads an .npy file, whole.</summary>
        /// <exception cref="ArrayFileException">Not an .npy file, cut off, or of an element type that is not read.</exception>
        public static NDArray LoadNpy(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            return NpyFile.Load(path);
        }

        /// <summary>Reads an .npy file, whole, and converts its elements where they are of another type.</summary>
        /// <inheritdoc cref="LoadNpy(string)"/>
        public static NDArray<T> LoadNpy<T>(string path)
            where T : unmanaged => NDArray.LoadNpy(path).AsType<T>();

        /// <summary>Reads all arrays of an .npz archive, by name.</summary>
        /// <exception cref="ArrayFileException">Not such an archive, or damaged.</exception>
        public static IReadOnlyDictionary<string, NDArray> LoadNpz(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            var arrays = new Dictionary<string, NDArray>();
            foreach (var name in NpzFile.Names(path))
            {
                var (header, reader, _) = NpzFile.Open(path, name);
                arrays[name] = reader.Read(new long[header.Shape.Length], NpyFile.Lengths(header.Shape, path));
            }

            return arrays;
        }

        /// <summary>Writes an .npy file; it appears when it is whole, and replaces what is there.</summary>
        public void SaveNpy(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            NpyFile.Save(path, Strided.Contiguous(array));
        }
    }
}

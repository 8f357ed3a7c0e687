using Orleans.Dask.Arrays;
using Orleans.Dask.Files;

namespace Orleans.Dask;

/// <summary>Arrays in files. Opening one reads its header; the elements are read by the tasks, a chunk each. Paths are as the silos see them.</summary>
public abstract partial class DaskArray
{
    /// <summary>An .npy file. Chunks that lie together are read straight into memory, others through a memory map.</summary>
    /// <typeparam name="T">What it holds; complex64 is read as Complex.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="chunks">How to cut; left out: about 16 MiB that lie together.</param>
    /// <exception cref="ArrayFileException">Not an .npy file, cut off, or of an element type that is not read.</exception>
    /// <exception cref="DTypeException">It holds another type.</exception>
    public static DaskArray<T> FromNpyFile<T>(string path, ChunkSpec chunks = default)
        where T : unmanaged => Typed<T>(FromNpyFile(path, chunks), path);

    /// <inheritdoc cref="FromNpyFile{T}"/>
    public static DaskArray FromNpyFile(string path, ChunkSpec chunks = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        var header = NpyHeader.ReadFile(path);
        return FromRegion("from-npy", path, header, new FileRegion(path, header.DataOffset, header.Type, header.Shape, header.FortranOrder), chunks);
    }

    /// <summary>One array of an .npz archive. Uncompressed ones are read as an .npy file is; a compressed one can only be read whole, by one task.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="name">Which array; may be left out where there is one.</param>
    /// <param name="chunks">How to cut.</param>
    /// <exception cref="ArrayFileException">Not such an archive, damaged, or without an array of that name.</exception>
    public static DaskArray<T> FromNpz<T>(string path, string? name = null, ChunkSpec chunks = default)
        where T : unmanaged => Typed<T>(FromNpz(path, name, chunks), path);

    /// <inheritdoc cref="FromNpz{T}"/>
    public static DaskArray FromNpz(string path, string? name = null, ChunkSpec chunks = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        var (header, reader, isPacked) = NpzFile.Open(path, name);
        if (!isPacked)
        {
            return FromRegion("from-npz", $"{path}|{name}", header, reader, chunks, path);
        }

        NpyFile.Lengths(header.Shape, path);
        var whole = FileArrays.Lower("from-npz", $"{FileArrays.Content(path)}|{name}", header.Type.DType, Array.ConvertAll(header.Shape, n => new[] { n }), reader);
        return Create(chunks.IsDefault ? whole : Rechunk.To(whole, chunks.Resolve(header.Shape, header.Type.DType)));
    }

    /// <summary>The names of the arrays in an .npz archive.</summary>
    public static IReadOnlyList<string> NpzNames(string path) => NpzFile.Names(path);

    /// <summary>A folder of .npy files, one a chunk along one axis, as <see cref="ToNpyStackAsync"/> and dask.array write it.</summary>
    /// <param name="folder">With the files 0.npy, 1.npy, … and info.</param>
    /// <exception cref="ArrayFileException">No such folder, or a damaged one.</exception>
    public static DaskArray<T> FromNpyStack<T>(string folder)
        where T : unmanaged => Typed<T>(FromNpyStack(folder), folder);

    /// <inheritdoc cref="FromNpyStack{T}"/>
    public static DaskArray FromNpyStack(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder = Path.GetFullPath(folder);
        var (first, files, axis) = NpyStack.Open(folder);
        var chunks = Array.ConvertAll(files, sizes => sizes.Length > 1 && Array.Exists(sizes, s => s > 0) ? Array.FindAll(sizes, s => s > 0) : sizes);
        var content = FileArrays.Content(Path.Combine(folder, "info")) + FileArrays.Content(NpyStack.File(folder, 0));
        return Create(FileArrays.Lower("from-npy-stack", content, first.Type.DType, chunks, new NpyStackReader(folder, first.Type, files, axis)));
    }

    /// <summary>Bare elements, without any header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">What it holds; one length may be -1, and follows from the file's.</param>
    /// <param name="chunks">How to cut; left out: about 16 MiB that lie together.</param>
    /// <param name="offset">Bytes before the first element.</param>
    /// <param name="order">"C": the last axis varies fastest; "F": the first.</param>
    /// <param name="bigEndian">Whether bytes stand most significant first.</param>
    /// <exception cref="ArrayFileException">The file is too short.</exception>
    public static DaskArray<T> FromRawBinary<T>(string path, Shape shape, ChunkSpec chunks = default, long offset = 0, string order = "C", bool bigEndian = false)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        path = Path.GetFullPath(path);
        var type = NumpyType.Of(DTypes.Of<T>()) with { IsBigEndian = bigEndian };
        var length = new FileInfo(path).Length - offset;
        var full = Array.IndexOf(shape.Lengths, -1L) >= 0 ? Shapes.Infer(shape.Lengths, Math.Max(0, length) / type.Size) : shape.Checked();
        if (order is not ("C" or "F"))
        {
            throw new ArrayException($"order is '{order}'. Pass \"C\" (the last axis varies fastest) or \"F\" (the first).");
        }

        var needed = Shapes.Size(full) * (Int128)type.Size;
        return needed <= length
            ? new DaskArray<T>(FromRegion("from-raw", path, new NpyHeader(type, full, order == "F", 0), new FileRegion(path, offset, type, full, order == "F"), chunks).Recipe)
            : throw new ArrayFileException($"{path} has {length} bytes{(offset > 0 ? $" after the first {offset}" : "")}, but shape {Strided.Text(full)} of {type} needs {needed}.");
    }

    /// <summary>Writes the array to an .npy file, chunks side by side; it appears when it is whole.</summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun; no file is left.</param>
    public async Task ToNpyFileAsync(string path, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        using var partial = new PartialFile(path);
        var source = FileArrays.Known(Recipe).Materialize();
        await FileArrays.WriteAsync("to-npy", source, NpyFile.Begin(partial, source.Shape, source.Type), scheduler, cancellationToken);
        partial.Commit();
    }

    /// <summary>Writes arrays to an .npz archive, uncompressed, under their names.</summary>
    /// <param name="path">The archive; what is there is replaced.</param>
    /// <param name="arrays">By name.</param>
    /// <param name="scheduler">Where the arrays are computed; the archive is put together here.</param>
    /// <param name="cancellationToken">Stops what is not begun; no file is left.</param>
    public static async Task ToNpzAsync(string path, IReadOnlyDictionary<string, DaskArray> arrays, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using var whole = new PartialFile(path);
        var parts = new List<(string Name, PartialFile File)>();
        try
        {
            foreach (var (name, array) in arrays)
            {
                var part = new PartialFile(path);
                parts.Add((name, part));
                var source = FileArrays.Known(array.Recipe).Materialize();
                await FileArrays.WriteAsync("to-npz", source, NpyFile.Begin(part, source.Shape, source.Type), scheduler, cancellationToken);
            }

            NpzFile.Pack(whole.Path, parts.Select(p => (p.Name, p.File.Path)));
            whole.Commit();
        }
        finally
        {
            parts.ForEach(p => p.File.Dispose());
        }
    }

    /// <summary>Writes a folder of .npy files, one a chunk along an axis, as dask.array reads it. Each file appears when it is whole; the file 'info' comes last.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="axis">Along which the files follow each other; the other axes are put together.</param>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public async Task ToNpyStackAsync(string folder, int axis = 0, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder = Path.GetFullPath(folder);
        axis = Strided.Axis(axis, Rank);
        var recipe = FileArrays.Known(Recipe);
        long[][] chunks = [.. recipe.Chunks.Select((sizes, i) => i != axis || recipe.Shape[i] == 0 ? [recipe.Shape[i]] : Array.FindAll(sizes, s => s > 0))];
        var source = Rechunk.To(recipe, chunks).Materialize();
        var info = Path.Combine(folder, "info");
        Directory.CreateDirectory(folder);
        File.Delete(info);
        await FileArrays.WriteAsync("to-npy-stack", source, new NpyStackWriter(folder, chunks, axis), scheduler, cancellationToken);
        using var partial = new PartialFile(info);
        await File.WriteAllBytesAsync(partial.Path, NpyStack.Info(chunks, source.Type, axis), cancellationToken);
        partial.Commit();
    }

    /// <summary>Writes bare elements, row by row, little-endian; the file appears when it is whole.</summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun; no file is left.</param>
    public async Task ToRawBinaryAsync(string path, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        using var partial = new PartialFile(path);
        var source = FileArrays.Known(Recipe).Materialize();
        partial.Create([], checked(Shapes.Size(source.Shape) * source.Type.Size()));
        await FileArrays.WriteAsync("to-raw", source, new FileRegionWriter(partial.Path, 0, source.Shape), scheduler, cancellationToken);
        partial.Commit();
    }

    internal static DaskArray<T> Typed<T>(DaskArray array, string file)
        where T : unmanaged => array as DaskArray<T>
        ?? throw new DTypeException($"{file} holds {array.DType.Name()}, not {DTypes.Of<T>().Name()}. Ask for <{array.DType.ClrType().Name}>, or leave the type out and convert with AsType.");

    private static DaskArray FromRegion(string label, string name, NpyHeader header, BlockReader reader, ChunkSpec chunks, string? path = null)
    {
        var cut = FileArrays.Chunks(chunks, header.Shape, header.Type.DType, header.FortranOrder, name);
        return Create(FileArrays.Lower(label, $"{FileArrays.Content(path ?? name)}|{name}|{header.DataOffset}|{header.Type}|{header.FortranOrder}", header.Type.DType, cut, reader));
    }
}

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>Which assemblies a file refers to, read without loading it.</summary>
internal static class References
{
    /// <exception cref="CodeException">Not a .NET assembly.</exception>
    public static IReadOnlyList<string> Of(AssemblyIdentity id, byte[] bytes)
    {
        try
        {
            using var file = new PEReader(new MemoryStream(bytes, writable: false));
            if (!file.HasMetadata)
            {
                throw new CodeException($"The file brought as {id} is no .NET assembly.");
            }

            var metadata = file.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        }
        catch (BadImageFormatException error)
        {
            throw new CodeException($"The file brought as {id} is no .NET assembly.", error);
        }
    }
}

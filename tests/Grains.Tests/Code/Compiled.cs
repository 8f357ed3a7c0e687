using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Orleans.Dask.Grains.Interfaces;
using AssemblyIdentity = Orleans.Dask.Grains.Interfaces.AssemblyIdentity;

namespace Orleans.Dask.Grains.Tests.Code;

/// <summary>A client's assembly, compiled from a few lines into a file, and loaded where the silo's resolvers don't look.</summary>
internal sealed class Compiled : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dask-code-");
    private readonly AssemblyLoadContext _client = new("client", isCollectible: true);
    private readonly List<MetadataReference> _references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    public Assembly Add(string name, string source)
    {
        var path = Path.Combine(_folder.FullName, name + ".dll");
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText("using System; using System.Collections.Generic; using System.Linq;\n" + source)],
            _references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        _references.Add(MetadataReference.CreateFromFile(path));
        return _client.LoadFromAssemblyPath(path);
    }

    /// <summary>What a static method of the class C returns.</summary>
    public static T Call<T>(Assembly assembly, string method) => (T)assembly.GetType("C")!.GetMethod(method)!.Invoke(null, null)!;

    public static AssemblyIdentity Id(Assembly assembly) => LoadedCode.IdentityOf(assembly);

    public static byte[] Bytes(Assembly assembly) => File.ReadAllBytes(assembly.Location);

    public void Dispose()
    {
        _client.Unload();
        _folder.Delete(recursive: true);
    }
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>Whose code a silo runs.</summary>
public sealed class CodeOptions
{
    /// <summary>Clients may bring assemblies of their own. Default true. False: only functions marked <c>[DaskFunction]</c> in <see cref="FunctionAssemblies"/>.</summary>
    public bool AllowClientCode { get; set; } = true;

    /// <summary>Simple names of deployed assemblies whose marked functions may be named when <see cref="AllowClientCode"/> is false. Default none.</summary>
    public IList<string> FunctionAssemblies { get; init; } = [];

    /// <summary>
    /// Code of a session is unloaded when the session ends. Default true. False gives memory for speed: the runtime neither tiers
    /// nor profiles code that it may have to unload, and reaches its static fields by a call. Measured, time of deployed code over
    /// time of shipped code: SIMD, generic and virtual loops 1.0; LINQ 0.8; dictionary of integers 0.6; a loop that does nothing but read
    /// a static field 0.2. With false all of these are 1.0, and every session's assemblies stay until the silo ends.
    /// </summary>
    public bool UnloadsCode { get; set; } = true;

    /// <summary>What is deployed here. Silos of a simulation have less than the process they share.</summary>
    internal ICodeResolver Deployed { get; init; } = LoadedCode.Instance;

    /// <summary>Most bytes of code one session may bring to one silo. Default 512 MiB.</summary>
    public long BytesPerSession { get; set; } = 512L << 20;
}

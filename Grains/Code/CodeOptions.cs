namespace Orleans.Dask.Grains.Code;

/// <summary>Whose code a silo runs.</summary>
public sealed class CodeOptions
{
    /// <summary>Clients may bring assemblies of their own. Default true. False: only functions marked <c>[DaskFunction]</c> in <see cref="FunctionAssemblies"/>.</summary>
    public bool AllowClientCode { get; set; } = true;

    /// <summary>Simple names of deployed assemblies whose marked functions may be named when <see cref="AllowClientCode"/> is false. Default none.</summary>
    public IList<string> FunctionAssemblies { get; init; } = [];

    /// <summary>Most bytes of code one session may bring to one silo. Default 512 MiB.</summary>
    public long BytesPerSession { get; set; } = 512L << 20;
}

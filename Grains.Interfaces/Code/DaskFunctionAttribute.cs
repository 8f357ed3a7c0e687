namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// This method may be named from outside even where clients may not bring code of their own (<c>AllowClientCode=false</c>),
/// provided the operator lists its assembly. On a class: all its methods, with the lambdas inside them.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class DaskFunctionAttribute : Attribute;

using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Which code a payload may name at all. Asked once for each method and each type that isn't the framework's, before anything is made of it.</summary>
public interface ICodePolicy
{
    /// <summary>May a delegate of a payload point to this method?</summary>
    /// <returns>Null when it may, else the reason, written for the caller.</returns>
    string? Refuse(MethodInfo method);

    /// <summary>May a payload hold an object of this type?</summary>
    /// <returns>Null when it may, else the reason, written for the caller.</returns>
    string? Refuse(Type type);
}

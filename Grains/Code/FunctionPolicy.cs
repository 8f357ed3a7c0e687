using System.Reflection;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>
/// What may be named where clients bring no code (<c>AllowClientCode=false</c>): methods marked <see cref="DaskFunctionAttribute"/>
/// in assemblies the operator lists, and objects of those assemblies. The kernels of our own collections always may.
/// </summary>
public sealed class FunctionPolicy(IEnumerable<string> assemblies) : ICodePolicy
{
    internal const string NoClientCode = "These silos run no code of clients (AllowClientCode=false). Name functions marked [DaskFunction] in the assemblies their operator lists, "
        + "or ask the operator to allow client code.";

    private readonly HashSet<string> _assemblies = new(assemblies, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string? Refuse(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var type = method.DeclaringType;
        var assembly = type?.Assembly.GetName().Name ?? "";
        if (!IsListed(assembly))
        {
            return $"the function {type?.Name}.{method.Name} of {assembly} may not be named: {NoClientCode} Listed are: {Listed()}.";
        }

        return method.IsDefined(typeof(DaskFunctionAttribute), inherit: false) || IsMarked(type)
            ? null
            : $"the function {type!.Name}.{method.Name} of {assembly} is not marked [DaskFunction]. {NoClientCode}";
    }

    /// <inheritdoc/>
    public string? Refuse(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var assembly = type.Assembly.GetName().Name ?? "";
        return IsListed(assembly) ? null : $"the type {type.FullName} of {assembly} may not be named: {NoClientCode} Listed are: {Listed()}.";
    }

    // A lambda sits in a class the compiler nests in the user's: the mark on the user's class covers it.
    private static bool IsMarked(Type? type)
    {
        for (; type is not null; type = type.DeclaringType)
        {
            if (type.IsDefined(typeof(DaskFunctionAttribute), inherit: false))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsListed(string assembly) => _assemblies.Contains(assembly) || House.Contains(assembly);

    private string Listed() => _assemblies.Count == 0 ? "none" : string.Join(", ", _assemblies.Order(StringComparer.Ordinal));
}

using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded;

/// <summary>An assembly in memory that may use what is internal to the assemblies its interface mentions.</summary>
internal static class EmittedAssembly
{
    public static AssemblyBuilder Define(Type type)
    {
        var access = type.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run;
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"Orleans.Embedded.Calls.{type.Namespace}.{type.Name}"), access);
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var seen in SeenFrom(type).Distinct())
        {
            // The runtime reads these before the first type is made, so all must be there now.
            assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [seen]));
        }

        return assembly;
    }

    /// <summary>Begins the override of a method of the base class.</summary>
    public static ILGenerator Implement(TypeBuilder type, Type parent, string name)
    {
        var declared = parent.GetMethod(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        var body = type.DefineMethod(
            name,
            (declared.Attributes & MethodAttributes.MemberAccessMask) | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            declared.ReturnType,
            [.. declared.GetParameters().Select(parameter => parameter.ParameterType)]);
        return body.GetILGenerator();
    }

    private static IEnumerable<string> SeenFrom(Type type)
    {
        var types = new HashSet<Type> { typeof(GrainInterface) };
        foreach (var declaring in type.GetInterfaces().Append(type))
        {
            types.Add(declaring);
            foreach (var method in declaring.GetMethods())
            {
                Add(method.ReturnType);
                foreach (var parameter in method.GetParameters())
                {
                    Add(parameter.ParameterType);
                }
            }
        }

        return types.Select(seen => seen.Assembly.GetName().Name!);

        void Add(Type added)
        {
            if (types.Add(added))
            {
                foreach (var part in added.GetGenericArguments())
                {
                    Add(part);
                }

                if (added.GetElementType() is { } element)
                {
                    Add(element);
                }
            }
        }
    }
}

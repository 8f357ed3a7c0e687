using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Emits the proxy of one interface: each method makes a call, fills it and hands it to the runtime.</summary>
internal static class ProxyEmitter
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static Func<GrainId, IGrainRuntime, GrainReference> Emit(ModuleBuilder module, GrainInterface target, Type[] calls)
    {
        var type = module.DefineType("Proxy", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [target.Type]);
        var self = type.DefineField("Interface", typeof(GrainInterface), FieldAttributes.Public | FieldAttributes.Static);
        Type[] parameters = [typeof(GrainId), typeof(IGrainRuntime)];

        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Hidden, parameters)!);
        il.Emit(OpCodes.Ret);

        il = type.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);

        il = EmittedAssembly.Implement(type, typeof(GrainReference), "get_Interface");
        il.Emit(OpCodes.Ldsfld, self);
        il.Emit(OpCodes.Ret);

        foreach (var method in target.Methods)
        {
            EmitMethod(type, method.MethodInfo, calls[method.Index]);
        }

        foreach (var inherited in target.Type.GetInterfaces())
        {
            if (inherited.IsAssignableTo(typeof(IAddressable)))
            {
                foreach (var method in GrainInterfaces.Get(inherited).Methods)
                {
                    EmitMethod(type, method.MethodInfo, method.Create().GetType());
                }
            }
        }

        var made = type.CreateType();
        made.GetField("Interface", BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)!.SetValue(null, target);
        return made.GetMethod("Create")!.CreateDelegate<Func<GrainId, IGrainRuntime, GrainReference>>();
    }

    private static void EmitMethod(TypeBuilder type, MethodInfo method, Type call)
    {
        var parameters = method.GetParameters();
        var body = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)]);
        var il = body.GetILGenerator();
        var argument = 0;
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.GetConstructor([])!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (parameters[i].ParameterType == typeof(CancellationToken))
            {
                il.Emit(OpCodes.Call, typeof(Invocation).GetProperty(nameof(Invocation.CancellationToken))!.SetMethod!);
            }
            else
            {
                il.Emit(OpCodes.Stfld, call.GetField($"_{argument++}")!);
            }
        }

        var (_, result, isSequence) = GrainInterfaceEmitter.Shape(method);
        var name = isSequence ? "CallSequence"
            : method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)) ? "CallValueTask"
            : "CallTask";
        var send = typeof(GrainReference).GetMethods(Hidden).Single(candidate => candidate.Name == name && candidate.IsGenericMethodDefinition == result is not null);
        il.Emit(OpCodes.Call, result is null ? send : send.MakeGenericMethod(result));
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(body, method);
    }
}

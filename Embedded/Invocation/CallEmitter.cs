using System.Reflection;
using System.Reflection.Emit;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>Emits the call of one method: a field per argument, and the handful of methods that touch them.</summary>
internal static class CallEmitter
{
    /// <summary>The static field that holds the call's <see cref="GrainMethod"/>.</summary>
    public const string MethodField = "Method";

    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static Type Emit(ModuleBuilder module, MethodInfo method, int index)
    {
        var (parent, _, _) = GrainInterfaceEmitter.Shape(method);
        var type = module.DefineType($"{method.Name}_{index}", TypeAttributes.Public | TypeAttributes.Sealed, parent);
        var description = type.DefineField(MethodField, typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        var members = Arguments(method).Select((parameter, position) => new PlanMember(
            (uint)position,
            parameter.Name ?? $"argument {position}",
            parameter.ParameterType,
            type.DefineField($"_{position}", parameter.ParameterType, FieldAttributes.Public),
            Property: null,
            IsImmutable: parameter.IsDefined(typeof(ImmutableAttribute)))).ToArray();
        var plan = new TypePlan(type, [members], Constructor: null);
        var shares = members.All(member => member.IsImmutable || WireCodecs.For(member.Type).SharesCopies);

        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, parent.GetConstructor(Hidden, [])!);
        il.Emit(OpCodes.Ret);

        il = type.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, typeof(Invocation), []).GetILGenerator();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);

        il = EmittedAssembly.Implement(type, parent, "New");
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);

        il = EmittedAssembly.Implement(type, parent, "get_Method");
        il.Emit(OpCodes.Ldsfld, description);
        il.Emit(OpCodes.Ret);

        il = EmittedAssembly.Implement(type, parent, "get_SharesArguments");
        il.Emit(shares ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);

        var write = EmittedAssembly.Implement(type, parent, "WriteFields");
        PlanEmitter.WriteLevels(write, plan, () => write.Emit(OpCodes.Ldarg_0), writer: 1, member: 2);

        var read = EmittedAssembly.Implement(type, parent, "ReadFields");
        PlanEmitter.ReadLevels(read, plan, () => read.Emit(OpCodes.Ldarg_0), reader: 1, member: 2);

        var copy = EmittedAssembly.Implement(type, parent, "CopyFields");
        PlanEmitter.CopyMembers(
            copy,
            plan,
            () => copy.Emit(OpCodes.Ldarg_0),
            () =>
            {
                copy.Emit(OpCodes.Ldarg_2);
                copy.Emit(OpCodes.Castclass, type);
            },
            context: 1,
            member: 3);

        il = EmittedAssembly.Implement(type, parent, "Call");
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        var argument = 0;
        foreach (var parameter in method.GetParameters())
        {
            il.Emit(OpCodes.Ldarg_0);
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                il.Emit(OpCodes.Call, typeof(Invocation).GetProperty(nameof(Invocation.CancellationToken))!.GetMethod!);
            }
            else
            {
                il.Emit(OpCodes.Ldfld, members[argument++].Field!);
            }
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        return type.CreateType();
    }

    /// <summary>The parameters that are arguments: all but a trailing cancellation token.</summary>
    private static ParameterInfo[] Arguments(MethodInfo method) =>
        [.. method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken))];
}

using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Emits for one interface a class per method (the call) and one for the interface (the proxy), in an assembly of their own that
/// may see the internal types of the interface's assembly.
/// </summary>
internal static class GrainInterfaceEmitter
{
    private const string MethodField = "Method";

    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;

    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static void Emit(GrainInterface target)
    {
        var type = target.Type;
        var assembly = DefineAssembly(type);
        var module = assembly.DefineDynamicModule("Calls");
        var methods = GrainInterfaces.MethodsOf(type);
        var calls = methods.Select((method, index) => EmitCall(module, method, index)).ToArray();
        target.Methods = [.. methods.Select((method, index) => Describe(target, method, index, calls[index]))];
        target.CreateProxy = EmitProxy(module, target, calls);
    }

    /// <summary>What a method returns when its task is done, and the base class of its calls.</summary>
    private static (Type Base, Type? Result, bool IsSequence) Shape(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return (typeof(TaskCall), null, false);
        }

        if (type == typeof(ValueTask))
        {
            return (typeof(ValueTaskCall), null, false);
        }

        var result = type.GetGenericArguments()[0];
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Task<>) ? (typeof(TaskCall<>).MakeGenericType(result), result, false)
            : definition == typeof(ValueTask<>) ? (typeof(ValueTaskCall<>).MakeGenericType(result), result, false)
            : (typeof(SequenceCall<>).MakeGenericType(result), result, true);
    }

    private static GrainMethod Describe(GrainInterface target, MethodInfo method, int index, Type call)
    {
        var (_, result, isSequence) = Shape(method);
        var answer = result is null ? typeof(VoidResponse)
            : typeof(Response<>).MakeGenericType(isSequence ? typeof(ElementBatch<>).MakeGenericType(result) : result);
        var described = new GrainMethod(
            target.Type,
            target.Alias,
            GrainInterfaces.NameOf(method),
            call.GetMethod("Create", BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<Func<Invocation>>(),
            typeof(GrainInterfaceEmitter).GetMethod(nameof(NewResponse), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(answer).CreateDelegate<Func<Response>>())
        {
            MethodInfo = method,
            Index = index,
            OneWay = method.IsDefined(typeof(Concurrency.OneWayAttribute)),
            ReadOnly = method.IsDefined(typeof(Concurrency.ReadOnlyAttribute)),
            AlwaysInterleave = method.IsDefined(typeof(Concurrency.AlwaysInterleaveAttribute)),
            IsSequence = isSequence,
            ResponseTimeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>() ?? target.Type.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout,
        };
        call.GetField(MethodField)!.SetValue(null, described);
        return described;
    }

    private static Response NewResponse<TResponse>()
        where TResponse : Response, new() => new TResponse();

    /// <summary>The parameters that are arguments: all but a trailing cancellation token.</summary>
    private static ParameterInfo[] Arguments(MethodInfo method) =>
        [.. method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken))];

    private static Type EmitCall(ModuleBuilder module, MethodInfo method, int index)
    {
        var (parent, _, _) = Shape(method);
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

        il = Implement(type, parent, "New");
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);

        il = Implement(type, parent, "get_Method");
        il.Emit(OpCodes.Ldsfld, description);
        il.Emit(OpCodes.Ret);

        il = Implement(type, parent, "get_SharesArguments");
        il.Emit(shares ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);

        var write = Implement(type, parent, "WriteFields");
        PlanEmitter.WriteLevels(write, plan, () => write.Emit(OpCodes.Ldarg_0), writer: 1, member: 2);

        var read = Implement(type, parent, "ReadFields");
        PlanEmitter.ReadLevels(read, plan, () => read.Emit(OpCodes.Ldarg_0), reader: 1, member: 2);

        var copy = Implement(type, parent, "CopyFields");
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

        il = Implement(type, parent, "Call");
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

    private static Func<GrainId, IGrainRuntime, GrainReference> EmitProxy(ModuleBuilder module, GrainInterface target, Type[] calls)
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

        il = Implement(type, typeof(GrainReference), "get_Interface");
        il.Emit(OpCodes.Ldsfld, self);
        il.Emit(OpCodes.Ret);

        foreach (var method in target.Methods)
        {
            EmitProxyMethod(type, method.MethodInfo, calls[method.Index]);
        }

        foreach (var inherited in target.Type.GetInterfaces())
        {
            if (inherited.IsAssignableTo(typeof(IAddressable)))
            {
                foreach (var method in GrainInterfaces.Get(inherited).Methods)
                {
                    EmitProxyMethod(type, method.MethodInfo, method.Create().GetType());
                }
            }
        }

        var made = type.CreateType();
        made.GetField("Interface", BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)!.SetValue(null, target);
        return made.GetMethod("Create")!.CreateDelegate<Func<GrainId, IGrainRuntime, GrainReference>>();
    }

    private static void EmitProxyMethod(TypeBuilder type, MethodInfo method, Type call)
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

        var (_, result, isSequence) = Shape(method);
        var name = isSequence ? "CallSequence"
            : method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)) ? "CallValueTask"
            : "CallTask";
        var send = typeof(GrainReference).GetMethods(Hidden).Single(candidate => candidate.Name == name && candidate.IsGenericMethodDefinition == result is not null);
        il.Emit(OpCodes.Call, result is null ? send : send.MakeGenericMethod(result));
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(body, method);
    }

    private static ILGenerator Implement(TypeBuilder type, Type parent, string name)
    {
        var declared = parent.GetMethod(name, Hidden)!;
        var body = type.DefineMethod(
            name,
            (declared.Attributes & MethodAttributes.MemberAccessMask) | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            declared.ReturnType,
            [.. declared.GetParameters().Select(parameter => parameter.ParameterType)]);
        return body.GetILGenerator();
    }

    private static AssemblyBuilder DefineAssembly(Type type)
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

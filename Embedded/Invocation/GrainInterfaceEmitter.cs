using System.Reflection;

namespace Orleans.Embedded;

/// <summary>
/// Emits for one interface a class per method (the call) and one for the interface (the proxy), in an assembly of their own that
/// may see the internal types of the interface's assembly.
/// </summary>
internal static class GrainInterfaceEmitter
{
    public static void Emit(GrainInterface target)
    {
        var type = target.Type;
        var assembly = EmittedAssembly.Define(type);
        var module = assembly.DefineDynamicModule("Calls");
        var methods = GrainInterfaces.MethodsOf(type);
        var calls = methods.Select((method, index) => CallEmitter.Emit(module, method, index)).ToArray();
        target.Methods = [.. methods.Select((method, index) => Describe(target, method, index, calls[index]))];
        target.CreateProxy = ProxyEmitter.Emit(module, target, calls);
    }

    /// <summary>What a method returns when its task is done, and the base class of its calls.</summary>
    public static (Type Base, Type? Result, bool IsSequence) Shape(MethodInfo method)
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
        var described = new GrainMethod(
            target.Type,
            target.Alias,
            GrainInterfaces.NameOf(method),
            call.GetMethod("Create", BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<Func<Invocation>>(),
            result is null ? static () => new VoidResponse() : NewResponse(isSequence ? typeof(ElementBatch<>).MakeGenericType(result) : result))
        {
            MethodInfo = method,
            Index = index,
            OneWay = method.IsDefined(typeof(Concurrency.OneWayAttribute)),
            ReadOnly = method.IsDefined(typeof(Concurrency.ReadOnlyAttribute)),
            AlwaysInterleave = method.IsDefined(typeof(Concurrency.AlwaysInterleaveAttribute)),
            IsSequence = isSequence,
            ResponseTimeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>() ?? target.Type.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout,
        };
        call.GetField(CallEmitter.MethodField)!.SetValue(null, described);
        return described;
    }

    private static Func<Response> NewResponse(Type result) =>
        typeof(GrainInterfaceEmitter).GetMethod(nameof(NewResponseOf), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(result).CreateDelegate<Func<Response>>();

    private static Response<T> NewResponseOf<T>() => new();
}

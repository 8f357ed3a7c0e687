using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// A delegate as the code of a task: up to six parameters and a trailing CancellationToken; synchronous, <c>Task</c> or
/// <c>ValueTask</c>. A list of inputs arrives at a parameter of type <c>T[]</c>, <c>List&lt;T&gt;</c>, <c>IEnumerable&lt;T&gt;</c> or <c>IReadOnlyList&lt;T&gt;</c>.
/// </summary>
/// <remarks>Arguments are cast, not converted: an <c>int</c> for a <c>double</c> is an error that names both.</remarks>
public abstract class DelegateFunction : TaskFunction
{
    private const int MaxParameters = 7;

    private static readonly Type[] s_funcs =
    [
        typeof(FuncFunction<>), typeof(FuncFunction<,>), typeof(FuncFunction<,,>), typeof(FuncFunction<,,,>),
        typeof(FuncFunction<,,,,>), typeof(FuncFunction<,,,,,>), typeof(FuncFunction<,,,,,,>), typeof(FuncFunction<,,,,,,,>),
    ];

    private static readonly Type[] s_actions =
    [
        typeof(ActionFunction), typeof(ActionFunction<>), typeof(ActionFunction<,>), typeof(ActionFunction<,,>),
        typeof(ActionFunction<,,,>), typeof(ActionFunction<,,,,>), typeof(ActionFunction<,,,,,>), typeof(ActionFunction<,,,,,,>),
    ];

    private protected DelegateFunction()
    {
    }

    /// <summary>What is called.</summary>
    public abstract Delegate Body { get; }

    /// <inheritdoc/>
    public override string Name => NameOf(Body.Method);

    /// <summary>The wrapper of a delegate of any type.</summary>
    /// <exception cref="ArgumentException">More than one target, more than seven parameters, or parameters by reference.</exception>
    public static DelegateFunction Of(Delegate call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.HasSingleTarget)
        {
            throw new ArgumentException($"The delegate calls several methods, the last of them {call.Method}. A task has one function: combine them in one method.", nameof(call));
        }

        // A closed delegate hides its first parameter: the delegate's type says what remains to be given.
        var invoke = call.GetType().GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        if (parameters.Length > MaxParameters || parameters.Any(type => type.IsByRef || type.IsByRefLike || type.IsPointer))
        {
            throw new ArgumentException($"'{NameOf(call.Method)}' takes ({string.Join(", ", parameters.Select(DelegateArguments.Name))}). "
                + $"A task's function takes at most {MaxParameters} parameters, none by reference: gather them in an array, a tuple or a record.", nameof(call));
        }

        var isAction = invoke.ReturnType == typeof(void);
        Type[] types = isAction ? parameters : [.. parameters, invoke.ReturnType];
        var wrapper = (isAction ? s_actions : s_funcs)[parameters.Length];
        if (types.Length > 0)
        {
            wrapper = wrapper.MakeGenericType(types);
        }

        var constructor = wrapper.GetConstructors()[0];
        var wanted = constructor.GetParameters()[0].ParameterType;
        return (DelegateFunction)constructor.Invoke([wanted.IsInstanceOfType(call) ? call : Delegate.CreateDelegate(wanted, call.Target, call.Method)]);
    }

    /// <summary>The name people gave the code: the method's, or the one a lambda stands in.</summary>
    public static string NameOf(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        // The compiler writes lambdas as <Outer>b__1_0 and local functions as <Outer>g__Name|1_0.
        var name = method.Name;
        var close = name.IndexOf('>', StringComparison.Ordinal);
        if (close < 0 || name[0] != '<')
        {
            return name;
        }

        var local = name.IndexOf("g__", close, StringComparison.Ordinal);
        var bar = name.IndexOf('|', close);
        return local >= 0 && bar > local ? name[(local + 3)..bar] : "lambda";
    }
}

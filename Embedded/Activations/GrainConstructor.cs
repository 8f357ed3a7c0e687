using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Makes grain objects: services by type or key, <c>[PersistentState]</c> parameters by name, the context where it is asked for.</summary>
internal sealed class GrainConstructor
{
    private readonly Func<Activation, object?>[] _arguments;
    private readonly ConstructorInvoker _invoker;

    public GrainConstructor(Type type)
    {
        var constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var chosen = constructors.FirstOrDefault(c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(c => c.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"{type} has no constructor. Give it one whose parameters are registered services.");
        _arguments = [.. chosen.GetParameters().Select(ArgumentFor)];
        _invoker = ConstructorInvoker.Create(chosen);
    }

    public object Create(Activation activation)
    {
        if (_arguments.Length == 0)
        {
            return _invoker.Invoke();
        }

        var values = new object?[_arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _arguments[i](activation);
        }

        return _invoker.Invoke(values.AsSpan());
    }

    private static Func<Activation, object?> ArgumentFor(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } persistent)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            {
                throw new OrleansConfigurationException(
                    $"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType} has [PersistentState] but is {type}. Make it an IPersistentState<TState>.");
            }

            var make = typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments())
                .GetMethod(nameof(PersistentState<int>.Create), BindingFlags.Static | BindingFlags.Public)!
                .CreateDelegate<Func<Activation, PersistentStateAttribute, object>>();
            return activation => make(activation, persistent);
        }

        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        if (parameter.HasDefaultValue)
        {
            var fallback = parameter.DefaultValue;
            return activation => activation.ActivationServices.GetService(type) ?? fallback;
        }

        return activation => activation.ActivationServices.GetRequiredService(type);
    }
}

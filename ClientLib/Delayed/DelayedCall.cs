using System.Collections;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Makes the node of one delayed call: finds the delayed values among its arguments and leaves their places.</summary>
internal sealed class DelayedCall
{
    private readonly List<Delayed> _inputs = [];

    /// <param name="function">What is called.</param>
    /// <param name="arguments">Constants, delayed values, and lists that hold delayed values at any depth.</param>
    /// <param name="pure">Named by function and arguments.</param>
    public static Delayed<TResult> Make<TResult>(TaskFunction function, bool pure, params ReadOnlySpan<object?> arguments)
    {
        var call = new DelayedCall();
        var template = new object?[arguments.Length];
        for (var i = 0; i < template.Length; i++)
        {
            template[i] = call.Place(arguments[i], pure);
        }

        var keys = call._inputs.ConvertAll(input => input.Key).ToArray();
        var token = pure ? Tokenize.Of(function, template, keys) : Tokenize.Unique();
        var key = new TaskKey($"{function.Name}-{token}");
        return new Delayed<TResult>(new CallNode(key, function, keys, template), [.. call._inputs]);
    }

    private object? Place(object? argument, bool pure)
    {
        switch (argument)
        {
            case Delayed delayed:
                _inputs.Add(delayed);
                return Input.At(_inputs.Count - 1);
            case IEnumerable<Delayed> list:
                var start = _inputs.Count;
                _inputs.AddRange(list);
                return new InputList(start, _inputs.Count - start);
            case IList list when HoldsDelayed(list):
                _inputs.Add(Make<object?[]>(ListFunction.Instance, pure, [.. list.Cast<object?>()]));
                return Input.At(_inputs.Count - 1);
            default:
                return argument;
        }
    }

    // Lists of numbers and the like need no look at each item.
    private static bool HoldsDelayed(IList list) =>
        list is IEnumerable<object?> items && items.Any(item => item is Delayed or IEnumerable<Delayed> || (item is IList inner && HoldsDelayed(inner)));
}

/// <summary>The list of its arguments.</summary>
internal sealed class ListFunction : TaskFunction
{
    public static ListFunction Instance { get; } = new();

    public override string Name => "list";

    public override Type ResultType => typeof(object[]);

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) => new(arguments.ToArray());
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Numbers the functions of a session, encodes each once, and names the keys of their calls.</summary>
/// <param name="token">Makes layer names of this session its own.</param>
/// <param name="coding">Encodes functions.</param>
/// <param name="maxBytes">What a function may take with all it captured: it travels in one message.</param>
internal sealed class FunctionTable(string token, ValueCoding coding, int maxBytes)
{
    private readonly ConcurrentDictionary<Delegate, FunctionEntry> _static = new();
    private readonly ConditionalWeakTable<TaskFunction, FunctionEntry> _shared = [];
    private readonly ConcurrentDictionary<MethodInfo, LayerCounter> _layers = new();
    private Tuple<Delegate, FunctionEntry>? _last;
    private int _lastNumber;
    private int _lastLayer;

    public ValueCoding Coding { get; } = coding;

    /// <summary>
    /// The function of a delegate. One that captures nothing is the same every time; a closure is taken anew, since what it
    /// captured may have changed since the last call.
    /// </summary>
    public FunctionEntry Of(Delegate call)
    {
        if (Volatile.Read(ref _last) is { } last && ReferenceEquals(last.Item1, call))
        {
            return last.Item2;
        }

        if (!IsStatic(call))
        {
            return Make(call);
        }

        var entry = _static.TryGetValue(call, out var known) ? known : _static.GetOrAdd(call, Make);
        Volatile.Write(ref _last, Tuple.Create(call, entry));
        return entry;
    }

    /// <summary>The function of a graph's node, encoded once for as long as the function lives.</summary>
    public FunctionEntry Of(TaskFunction function)
    {
        if (_shared.TryGetValue(function, out var entry))
        {
            return entry;
        }

        return _shared.GetValue(function, made => new FunctionEntry(Interlocked.Increment(ref _lastNumber), Encode(made), null));
    }

    /// <summary>A key for a call of the function.</summary>
    public TaskKey NextKey(FunctionEntry function, Delegate call)
    {
        var layer = function.Layer!;
        while (true)
        {
            if (layer.Next() is { } key)
            {
                return key;
            }

            // Two billion calls later: a new layer, which other threads may have made meanwhile.
            _layers.TryUpdate(call.Method, NewLayer(DelegateFunction.NameOf(call.Method)), layer);
            layer = _layers[call.Method];
        }
    }

    /// <summary>A layer of this session.</summary>
    public LayerCounter NewLayer(string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}-{token}{Interlocked.Increment(ref _lastLayer):x}"));

    private FunctionEntry Make(Delegate call)
    {
        var layer = _layers.GetOrAdd(call.Method, method => NewLayer(DelegateFunction.NameOf(method)));
        return new FunctionEntry(Interlocked.Increment(ref _lastNumber), Encode(DelegateFunction.Of(call)), layer);
    }

    private Payload Encode(TaskFunction function)
    {
        var encoded = Coding.Encode(function);
        return ValueCoding.SizeOf(encoded) <= maxBytes ? encoded : throw new ArgumentException(
            $"'{function.Name}' takes {encoded.Length:N0} bytes with what it captured, at most {maxBytes:N0} travel with a function. "
            + "Pass the large value as an argument, or scatter it and pass its future.");
    }

    // Lambdas that capture nothing are methods of a compiler-made object without fields.
    private static bool IsStatic(Delegate call) =>
        call.Target is null
        || (call.Target.GetType() is { } type && type.IsDefined(typeof(CompilerGeneratedAttribute))
            && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0);
}

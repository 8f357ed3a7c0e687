using System.Collections.Concurrent;

namespace Orleans.Dask.Arrays;

/// <summary>An elementwise function by name: in which type it works for given argument types, what it gives, and its kernels.</summary>
internal sealed class Ufunc(string name, int arity, Func<Ufunc, DType[], DType> loop, Func<DType, DType>? result = null)
{
    private readonly Dictionary<DType, Type> _operations = [];
    private readonly ConcurrentDictionary<DType, TileKernel> _kernels = [];

    public string Name { get; } = name;

    public int Arity { get; } = arity;

    /// <summary>Which loop types there are kernels for.</summary>
    public bool Has(DType type) => _operations.ContainsKey(type);

    /// <summary>The type that all arguments are converted to.</summary>
    /// <exception cref="DTypeException">Not defined for them.</exception>
    public DType LoopType(params DType[] arguments)
    {
        var type = loop(this, arguments);
        return Has(type) ? type : throw new DTypeException(
            $"{Name} is not defined for {string.Join(" and ", arguments.Select(a => a.Name()))}. It takes {string.Join(", ", _operations.Keys.Select(k => k.Name()))}; convert with AsType.");
    }

    public DType ResultType(DType loopType) => result?.Invoke(loopType) ?? loopType;

    /// <summary>Kernels for some types; a generic operation is closed with each.</summary>
    public Ufunc With(Type operation, params ReadOnlySpan<DType> types)
    {
        foreach (var type in types)
        {
            _operations[type] = operation;
        }

        return this;
    }

    public TileKernel Kernel(DType loopType) => _kernels.GetOrAdd(loopType, static (type, self) => Make(self._operations[type], type), this);

    /// <summary>The kernel class around an operation, chosen by the interface it implements.</summary>
    internal static TileKernel Make(Type operation, params DType[] types)
    {
        var clr = Array.ConvertAll(types, t => t.ClrType());
        if (operation.IsGenericTypeDefinition)
        {
            // A comparison comes as Compare<Less<>, T>: both are closed with the same type.
            operation = operation.MakeGenericType(clr);
        }

        if (typeof(TileKernel).IsAssignableFrom(operation))
        {
            return (TileKernel)Activator.CreateInstance(operation)!;
        }

        if (operation.GetInterfaces().FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(Kernels.IComparison<>)) is { } comparison)
        {
            operation = typeof(Kernels.Compare<,>).MakeGenericType(operation, comparison.GetGenericArguments()[0]);
        }

        foreach (var face in operation.GetInterfaces())
        {
            var kernel = face.GetGenericTypeDefinition() is var open && open == typeof(IUnary<,>) ? typeof(UnaryKernel<,,>)
                : open == typeof(IUnaryScalar<,>) ? typeof(UnaryScalarKernel<,,>)
                : open == typeof(IBinary<,>) ? typeof(BinaryKernel<,,>)
                : open == typeof(IBinaryScalar<,>) ? typeof(BinaryScalarKernel<,,>) : null;
            if (kernel is not null)
            {
                return (TileKernel)Activator.CreateInstance(kernel.MakeGenericType([operation, .. face.GetGenericArguments()]))!;
            }
        }

        throw new InvalidOperationException($"{operation} implements no operation interface.");
    }
}

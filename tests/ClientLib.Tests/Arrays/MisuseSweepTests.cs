using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>
/// Every public method and operator of lazy, masked and in-memory arrays, called with one wrong argument after the other: each call either tells at once, by an
/// error of our own, or gives an array that can be computed. The methods are found by reflection: a new one is in.
/// </summary>
public class MisuseSweepTests
{
    private static readonly Type[] s_elements = [typeof(double), typeof(long), typeof(ulong), typeof(bool), typeof(Complex)];

    private static readonly string[] s_families = ["DaskArray", "DaskMaskedArray", "MaskedArray", "NDArray"];

    /// <summary>Methods some of whose forms take what is not made below (pairs, lists of lists, functions of several blocks); their wrong calls stand in <see cref="MisuseTests"/>.</summary>
    private static readonly HashSet<string> s_unswept =
    [
        "DaskArray.Piecewise", "DaskArray.Choose", "DaskArray.FromArray", "DaskArray.FromFunction", "DaskArray.ApplyGufunc", "DaskArray.Blockwise", "DaskArray.Block", "DaskArray.MeshGrid", "DaskArray.FromDelayed",
        "DaskArray.FromBlocks", "DaskArray.Where", "DaskArrayCounting.Histogram2D", "DaskArrayCounting.HistogramDD", "DaskArrayFunctional.MapOverlap", "DaskArrayFunctional.Overlap", "DaskArrayFunctional.TrimOverlap",
        "MaskedArray`1.ToScalar", "NDArray`1.ToScalar", "DaskArrayFunctional.Reduction", "DaskArrayFunctional.Coarsen", "DaskArrayIndexing.SetItem", "DaskArrayIndexing.Take", "DaskArrayIndexing.Insert", "DaskArrayPadding.Pad", "DaskArrayProducts.TensorDot",
    ];

    /// <summary>Wrong only when the values are seen: what a computation may still say.</summary>
    private static readonly string[] s_ofTheValues = ["singular", "positive definite", "negative", "outside", "no elements", "converge"];

    private static IEnumerable<MethodInfo> Methods =>
        typeof(DaskArray).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == "Orleans.Dask" && Array.Exists(s_families, family => type.Name.StartsWith(family, StringComparison.Ordinal)))
            .SelectMany(type => (type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(double)) : type).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.Name.Contains('<', StringComparison.Ordinal) && !typeof(Task).IsAssignableFrom(method.ReturnType)
                && !method.GetParameters().Any(p => p.Name is "path" or "folder" or "scheduler" or "pattern") && method.Name is not ("Equals" or "GetHashCode" or "ToString"));

    [Fact]
    public void Wrong_arguments_are_told_at_the_call()
    {
        var (late, dull, unswept, calls) = (new List<string>(), new List<string>(), new List<string>(), 0);
        foreach (var method in Methods)
        {
            var swept = false;
            foreach (var rank in (int[])[2, 1, 3])
            {
                foreach (var element in method.IsGenericMethodDefinition ? s_elements : s_elements[..1])
                {
                    if (Close(method, element) is not { } closed || Good(closed, element, rank) is not { } good || Try(closed, good, rank) is not null)
                    {
                        continue;
                    }

                    swept = true;
                    var parameters = closed.GetParameters();
                    for (var i = 0; i < parameters.Length; i++)
                    {
                        foreach (var bad in Bad(parameters[i], element))
                        {
                            object?[] arguments = [.. good];
                            arguments[i] = bad;
                            calls++;
                            if (Try(closed, arguments, rank) is not { } error)
                            {
                                continue;
                            }

                            var line = $"{method.DeclaringType!.Name}.{method.Name}<{element.Name}> of rank {rank}, {parameters[i].Name} = {Text(bad)}: {error.Thrown.GetType().Name}: {error.Thrown.Message.ReplaceLineEndings(" ")}";
                            if (error.IsLate)
                            {
                                if (!Array.Exists(s_ofTheValues, word => error.Thrown.ToString().Contains(word, StringComparison.OrdinalIgnoreCase)))
                                {
                                    late.Add(line);
                                }
                            }
                            else if (error.Thrown is not (ArrayException or ArgumentNullException or ArrayFileException))
                            {
                                dull.Add(line);
                            }
                        }
                    }
                }
            }

            if (!swept && !s_unswept.Contains($"{method.DeclaringType!.Name}.{method.Name}"))
            {
                unswept.Add($"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}"))})");
            }
        }

        Assert.True(late.Count + dull.Count + unswept.Count == 0, $"{calls} calls. {late.Count} told late:\n{string.Join('\n', late)}\n\n{dull.Count} told by others' errors:\n{string.Join('\n', dull)}\n\n"
            + $"{unswept.Count} have no right call here (add values to TryGood, or wrong calls to MisuseTests and the method to s_unswept):\n{string.Join('\n', unswept)}");
        Assert.True(calls > 1_000, $"{calls} calls");
    }

    private static MethodInfo? Close(MethodInfo method, Type element)
    {
        try
        {
            return method.IsGenericMethodDefinition ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(a => a.GetGenericParameterConstraints().Contains(typeof(NDArray)) ? typeof(NDArray<>).MakeGenericType(element) : element)]) : method;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static object?[]? Good(MethodInfo method, Type element, int rank)
    {
        var arguments = new object?[method.GetParameters().Length];
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.HasDefaultValue)
            {
                arguments[parameter.Position] = parameter.DefaultValue is null or DBNull && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
                    ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType) : parameter.DefaultValue;
            }
            else if (!TryGood(parameter, parameter.ParameterType, rank, out arguments[parameter.Position]))
            {
                return null;
            }
        }

        return arguments;
    }

    private static bool TryGood(ParameterInfo parameter, Type type, int rank, out object? value)
    {
        value = type switch
        {
            _ when Element(type) is { } element => As(type, Make(element, rank)),
            _ when type == typeof(DaskArray) || type == typeof(NDArray) => As(type, Make(typeof(double), rank)),
            _ when type.IsArray && parameter.Member.DeclaringType == typeof(NDArrays) && parameter.Name == "values" => Array.CreateInstance(type.GetElementType()!, [.. Enumerable.Repeat(1, type.GetArrayRank())]),
            _ when type.IsArray && Element(type.GetElementType()!) is { } element => Filled(type.GetElementType()!, Make(element, rank)),
            _ when Listed(type) is { } item && Element(item) is { } element => Filled(item, Make(element, rank)),
            _ when type.IsSubclassOf(typeof(Delegate)) => Function(type),
            _ when type == typeof(int) => parameter.Name is "axis1" or "destination" or "stop" ? rank - 1 : parameter.Name is "axis" or "axis0" or "source" or "start" ? 0 : 2,
            _ when type == typeof(long) => parameter.Name is "start" ? 0L : 4L,
            _ when type == typeof(double) => parameter.Name is "q" or "p" or "start" or "low" or "left" ? 0.5 : 2.0,
            _ when type == typeof(ulong) => 1UL,
            _ when type == typeof(bool) => false,
            _ when type == typeof(Complex) => new Complex(1, 0),
            _ when type == typeof(Shape) => (Shape)(rank == 1 ? [4] : rank == 2 ? [4, 4] : [4, 4, 4]),
            _ when type == typeof(ChunkSpec) => (ChunkSpec)2,
            _ when type == typeof(Axes) => (Axes)0,
            _ when type == typeof(DType) => DType.Float32,
            _ when type == typeof(string) => parameter.Name switch
            {
                "subscripts" or "output" or "letters" or "leftLetters" or "rightLetters" => "ijk"[..rank],
                "signature" => parameter.Member.ToString()!.Contains("`3", StringComparison.Ordinal) ? "(i),(i)->(i)" : "(i)->(i)",
                "indexing" => "xy",
                _ => "constant",
            },
            _ when type == typeof(int[]) && parameter.Member.DeclaringType == typeof(NDArrayViews) && parameter.Name == "shape" => Enumerable.Repeat(4, rank).ToArray(),
            _ when type == typeof(int[]) && parameter.Name == "axes" => Enumerable.Range(0, rank).ToArray(),
            _ when type == typeof(int[]) => Enumerable.Repeat(1, rank).ToArray(),
            _ when type == typeof(long[]) => Enumerable.Repeat(1L, rank).ToArray(),
            _ when type == typeof(double[]) && parameter.Name == "q" => new[] { 0.5 },
            _ when type == typeof(double[]) && parameter.Name == "coordinates" => new[] { 0.0, 1, 2, 4 },
            _ when type == typeof(Boundary[]) => Enumerable.Repeat(Boundary.Reflect, rank).ToArray(),
            _ when type == typeof((int, int)) => (1, 1),
            _ when type == typeof((long, long)) => (4L, 4L),
            _ when type == typeof(double[]) => new[] { 0.0, 1, 2 },
            _ when type == typeof(bool[]) => new[] { true, false },
            _ when type == typeof(IndexItem) => (IndexItem)1,
            _ when type == typeof(IndexItem[]) => new IndexItem[] { 1 },
            _ when type == typeof((double, double)) => (0.0, 1.0),
            _ => null,
        };
        return value is not null;
    }

    private static IEnumerable<object?> Bad(ParameterInfo parameter, Type element)
    {
        var type = parameter.ParameterType;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (!plain.IsValueType && Element(plain) is null && plain != typeof(DaskArray) && plain != typeof(NDArray) && parameter.Name is not "value")
        {
            // Null for an array is found by the compiler.
            yield return null;
        }

        IEnumerable<object> values = plain switch
        {
            _ when Element(plain) is { } inner => Arrays(inner).Select(array => As(plain, (DaskArray)array)),
            _ when plain == typeof(DaskArray) || plain == typeof(NDArray) => Arrays(typeof(double)).Select(array => As(plain, (DaskArray)array)),
            _ when plain.IsArray && Element(plain.GetElementType()!) is { } inner => Lists(plain.GetElementType()!, inner),
            _ when Listed(plain) is { } item && Element(item) is { } inner => Lists(item, inner),
            _ when plain == typeof(int) => [-99, -1, 0, 99],
            _ when plain == typeof(long) => [-99L, -1L, 0L, 99L],
            _ when plain == typeof(double) => [-99.0, double.NaN, double.PositiveInfinity, 0.0],
            _ when plain == typeof(string) => ["", "wall", "ij,jk->", "(i", "ii->q"],
            _ when plain == typeof(Shape) => [(Shape)(-3), (Shape)new long[] { -1, -1 }, (Shape)new long[] { 3, -7 }, (Shape)new long[] { long.MaxValue, 4 }, (Shape)new long[] { 5, 5, 5 }],
            _ when plain == typeof(ChunkSpec) => [(ChunkSpec)0, (ChunkSpec)(-5), (ChunkSpec)new long[] { 1, 1, 1, 1 }, (ChunkSpec)new long[][] { [1, 7] }, (ChunkSpec)"many"],
            _ when plain == typeof(Axes) => [(Axes)99, (Axes)(-99), (Axes)new[] { 0, 0 }, (Axes)new[] { 0, 99 }],
            _ when plain == typeof(int[]) && parameter.Name == "shape" => [Array.Empty<int>(), new[] { 99 }, new[] { 0, 0 }, new[] { -1, -1 }, new[] { -99, 1, 2, 3 }, new[] { -7, -7 }, new[] { int.MaxValue, int.MaxValue }, new[] { 0, int.MaxValue, int.MaxValue }],
            _ when plain == typeof(int[]) => [Array.Empty<int>(), new[] { 99 }, new[] { 0, 0 }, new[] { -99, 1, 2, 3 }],
            _ when plain == typeof(long[]) => [Array.Empty<long>(), new[] { 99L }, new[] { -99L, 1, 2, 3 }],
            _ when plain == typeof(double[]) => [Array.Empty<double>(), new[] { 3.0, 1, 2 }, new[] { double.NaN, 1 }],
            _ when plain == typeof(bool[]) => [Array.Empty<bool>(), new bool[99]],
            _ when plain == typeof(IndexItem) => Items(),
            _ when plain == typeof(IndexItem[]) => [.. Items().Select(item => new[] { (IndexItem)item }), new IndexItem[] { 0, 0, 0, 0 }, new IndexItem[] { IndexItem.Ellipsis, IndexItem.Ellipsis }],
            _ when plain == typeof((double, double)) => [(1.0, 0.0), (double.NaN, 1.0), (0.0, double.PositiveInfinity)],
            _ when plain.IsEnum => [Enum.ToObject(plain, 99)],
            _ => [],
        };
        foreach (var value in values)
        {
            yield return value;
        }

        static IEnumerable<object> Items() => [(IndexItem)99, (IndexItem)(-99), (IndexItem)new[] { 0, 99 }, (IndexItem)new[] { true }];
    }

    /// <summary>Of other shapes, of none, of nothing, and of sizes that nobody knows yet.</summary>
    private static IEnumerable<object> Arrays(Type element)
    {
        var line = Lazy(element, 9);
        return [line, Lazy(element, 3, 7), Lazy(element, 0), Lazy(element, 4, 0), Lazy(element, 2, 3, 5), Lazy(element), Call(nameof(Unknown), element, line)];
    }

    private static IEnumerable<object> Lists(Type item, Type element) =>
        [Filled(item), Filled(item, Lazy(element, 9), Lazy(element, 3, 7)), .. Arrays(element).Select(array => Filled(item, (DaskArray)array)), .. Arrays(element).Select(array => Filled(item, Make(element, 2), (DaskArray)array))];

    private static (Exception Thrown, bool IsLate)? Try(MethodInfo method, object?[] arguments, int rank)
    {
        object? result;
        try
        {
            result = method.Invoke(method.IsStatic ? null : As(method.DeclaringType!, Make(typeof(double), rank)), BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        catch (Exception e)
        {
            return (e, false);
        }

        try
        {
            foreach (var array in Results(result).Where(a => a.Shape.All(n => n < 200)))
            {
                var source = array.Source;
                new SynchronousScheduler().ComputeAsync(source.Graph, array.Keys()).GetAwaiter().GetResult();
            }

            return null;
        }
        catch (Exception e)
        {
            return (e, true);
        }
    }

    private static IEnumerable<DaskArray> Results(object? result) => result switch
    {
        DaskArray array => [array],
        not null when Family(result.GetType()) == typeof(DaskMaskedArray<>) => [(DaskArray)((dynamic)result).GetData(), (DaskArray)((dynamic)result).GetMaskArray()],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Results(tuple[i])),
        IEnumerable<DaskArray> list => list,
        _ => [],
    };

    private static Type? Family(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;

    private static Type? Element(Type type) => Family(type) is { } family && (family == typeof(DaskArray<>) || family == typeof(DaskMaskedArray<>) || family == typeof(NDArray<>)) ? type.GetGenericArguments()[0]
        : Nullable.GetUnderlyingType(type) is { } inner ? Element(inner) : null;

    private static Type? Listed(Type type) => type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
        || type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)) ? type.GetGenericArguments()[0] : null;

    private static Array Filled(Type item, params DaskArray[] arrays)
    {
        var list = Array.CreateInstance(item, arrays.Length);
        for (var i = 0; i < arrays.Length; i++)
        {
            list.SetValue(arrays[i], i);
        }

        return list;
    }

    private static DaskArray Make(Type element, int rank) => Lazy(element, [.. Enumerable.Repeat(4, rank)]);

    /// <summary>An array as a type wants it: as it is, masked, in memory, or both.</summary>
    private static object As(Type type, DaskArray array) =>
        type == typeof(NDArray) ? Call(nameof(InMemory), typeof(double), array)
        : Family(type) == typeof(NDArray<>) ? Call(nameof(InMemory), type.GetGenericArguments()[0], array)
        : Family(type) == typeof(DaskMaskedArray<>) ? Call(nameof(Masked), type.GetGenericArguments()[0], array)
        : Family(type) == typeof(MaskedArray<>) ? Call(nameof(MaskedInMemory), type.GetGenericArguments()[0], array)
        : array;

    private static NDArray<T> InMemory<T>(DaskArray array)
        where T : unmanaged => ((DaskArray<T>)array).ComputeAsync(new SynchronousScheduler()).GetAwaiter().GetResult();

    private static DaskMaskedArray<T> Masked<T>(DaskArray array)
        where T : unmanaged => DaskArray.MaskedArray((DaskArray<T>)array, array.AsType<bool>());

    private static MaskedArray<T> MaskedInMemory<T>(DaskArray array)
        where T : unmanaged => Masked<T>(array).ComputeAsync(new SynchronousScheduler()).GetAwaiter().GetResult();

    private static DaskArray Lazy(Type element, params int[] shape) => (DaskArray)Call(nameof(Typed), element, [shape]);

    private static object Call(string method, Type element, params object[] arguments) =>
        typeof(MisuseSweepTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    /// <summary>Whole numbers that make a matrix with an inverse.</summary>
    private static DaskArray<T> Typed<T>(int[] shape)
        where T : unmanaged => DaskArray.FromArray(NDArray.From([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (double)(i % 5 == 0 ? 3 : i % 2))], shape), 2).AsType<T>();

    private static DaskArray<T> Unknown<T>(DaskArray array)
        where T : unmanaged => ((DaskArray<T>)array)[DaskArray.Arange<long>(9, chunks: 2) > 2L];

    /// <summary>A function that gives its first argument back where it may, else nothing.</summary>
    private static Delegate? Function(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType))];
        var same = Array.Find(parameters, p => p.Type == invoke.ReturnType);
        return same is null && !invoke.ReturnType.IsValueType ? null : Expression.Lambda(type, same ?? (Expression)Expression.Default(invoke.ReturnType), parameters).Compile();
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        System.Collections.IEnumerable list and not DaskArray => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => value.ToString()!,
    };
}

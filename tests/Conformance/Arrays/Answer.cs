using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Compares what came with what was recorded: type, shape, values.</summary>
internal static class Answer
{
    /// <returns>Null when they agree, else what differs.</returns>
    public static async Task<string?> Compare(object? got, JsonElement want, Vector vector, IGraphScheduler scheduler)
    {
        switch (want.GetProperty("kind").GetString())
        {
            case "tuple":
                var items = want.GetProperty("items").EnumerateArray().ToArray();
                var parts = Parts(got);
                if (parts.Count != items.Length)
                {
                    return $"{parts.Count} items, expected {items.Length}";
                }

                for (var i = 0; i < items.Length; i++)
                {
                    if (await Compare(parts[i], items[i], vector, scheduler) is { } difference)
                    {
                        return $"item {i}: {difference}";
                    }
                }

                return null;
            case "masked":
                return got is null || got is DaskArray ? $"{got?.GetType().Name ?? "null"} is no masked array" : await CompareMasked((dynamic)got, want, vector, scheduler);
            case "value":
                var text = JsonSerializer.Serialize(got);
                return text == JsonSerializer.Serialize(want.GetProperty("value")) ? null : $"{text}, expected {want.GetProperty("value")}";
            default:
                return got is DaskArray array ? await CompareArray(array, want, vector, scheduler) : $"{got?.GetType().Name ?? "null"} is no array";
        }
    }

    /// <summary>The value of an array without axes.</summary>
    public static object Scalar(DaskArray array)
    {
        var computed = Typed.Call<Task<NDArray>>(array.DType, nameof(Typed.Compute), array, new SynchronousScheduler()).Result;
        return ((Array)((dynamic)computed).ToArray()).GetValue(0)!;
    }

    public static List<object?> Parts(object? got) => got switch
    {
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
        IEnumerable list when got is not DaskArray => [.. list.Cast<object?>()],
        _ => [got],
    };

    private static async Task<string?> CompareMasked<T>(DaskMaskedArray<T> array, JsonElement want, Vector vector, IGraphScheduler scheduler)
        where T : unmanaged
    {
        var hidden = Values.Mask(want.GetProperty("mask"));
        var own = (await array.ComputeAsync(scheduler)).Mask.ToArray();
        return own.AsSpan().SequenceEqual(hidden) ? await CompareArray(array.GetData(), want, vector, scheduler, hidden)
            : $"hidden {string.Join(' ', own.Select(h => h ? 1 : 0))}, expected {string.Join(' ', hidden.Select(h => h ? 1 : 0))}";
    }

    private static async Task<string?> CompareArray(DaskArray array, JsonElement want, Vector vector, IGraphScheduler scheduler, bool[]? hidden = null)
    {
        var type = Values.Type(want.GetProperty("dtype").GetString()!);
        if (array.DType != type)
        {
            return $"dtype {array.DType.Name()}, expected {type.Name()}";
        }

        var computed = await Typed.Call<Task<NDArray>>(type, nameof(Typed.Compute), array, scheduler);
        var shape = Values.Lengths(want.GetProperty("shape"));
        var own = computed.Shape.ToArray().Select(l => (long)l).ToArray();
        if (!own.AsSpan().SequenceEqual(shape))
        {
            return $"shape ({string.Join(", ", own)}), expected ({string.Join(", ", shape)})";
        }

        if (computed.DType != type)
        {
            return $"blocks of {computed.DType.Name()}, declared {type.Name()}";
        }

        if (array.Shape.Any(l => l >= 0) && !array.Shape.Zip(own).All(p => p.First < 0 || p.First == p.Second))
        {
            return $"declared shape ({string.Join(", ", array.Shape)}), computed ({string.Join(", ", own)})";
        }

        var wanted = Values.Data(want.GetProperty("data"), type);
        var flat = (Array)((dynamic)computed).ToArray();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (hidden?[i] != true && !Agree(flat.GetValue(i)!, wanted.GetValue(i)!, vector.Tolerance, vector.Absolute))
            {
                return $"element {i}: {flat.GetValue(i)}, expected {wanted.GetValue(i)}";
            }
        }

        return null;
    }

    private static bool Agree(object got, object want, double tolerance, double absolute) => got switch
    {
        Complex c => Agree(c.Real, ((Complex)want).Real, tolerance, absolute) && Agree(c.Imaginary, ((Complex)want).Imaginary, tolerance, absolute),
        Half half => Agree((double)half, (double)(Half)want, tolerance, absolute),
        float or double => Agree(Convert.ToDouble(got, CultureInfo.InvariantCulture), Convert.ToDouble(want, CultureInfo.InvariantCulture), tolerance, absolute),
        _ => got.Equals(want),
    };

    private static bool Agree(double got, double want, double tolerance, double absolute) =>
        got == want || (double.IsNaN(got) && double.IsNaN(want)) || Math.Abs(got - want) <= absolute + (tolerance * Math.Abs(want));
}

using System.Globalization;
using Orleans.Embedded;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Identity of grains, from within and by reference.</summary>
public static class GrainExtensions
{
    /// <summary>The address of a grain, of a reference to one, or of an observer's reference.</summary>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase itself => itself.GrainContext.GrainId,
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one. Pass what GetGrain or CreateObjectReference returned, or the grain itself."),
        };
    }

    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.Value;

    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        var id = GetGrainId(grain);
        return Guid.TryParseExact(id.Key.Value, "N", out var key)
            ? key
            : throw new InvalidOperationException($"The key of {id} is not a Guid. Use GetPrimaryKeyString or GetPrimaryKeyLong, as the grain's interface says.");
    }

    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var id = GetGrainId(grain);
        return long.TryParse(id.Key.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new InvalidOperationException($"The key of {id} is not an integer. Use GetPrimaryKeyString or GetPrimaryKey, as the grain's interface says.");
    }

    /// <summary>The same grain or observer by another of its interfaces; for a grain itself, a reference others can call.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => ((RuntimeClient)reference.Runtime).Reference<TGrainInterface>(reference.GrainId),
            IGrainBase itself => ((Activation)itself.GrainContext).Silo.Runtime.Reference<TGrainInterface>(itself.GrainContext.GrainId),
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one. For an observer call CreateObjectReference."),
        };
    }
}

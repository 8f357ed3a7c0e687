using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Which silo owns which part of the directory. A silo that comes or goes moves only its share.</summary>
internal sealed class HashRing
{
    private const int PointsPerSilo = 32;

    private readonly ulong[] _points;
    private readonly SiloAddress[] _owners;

    public HashRing(IReadOnlyCollection<SiloAddress> silos)
    {
        Silos = [.. silos.Order()];
        var points = new List<(ulong Point, SiloAddress Owner)>(silos.Count * PointsPerSilo);
        foreach (var silo in Silos)
        {
            for (var i = 0; i < PointsPerSilo; i++)
            {
                points.Add((StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{silo}#{i}")), silo));
            }
        }

        points.Sort();
        _points = [.. points.Select(p => p.Point)];
        _owners = [.. points.Select(p => p.Owner)];
    }

    public SiloAddress[] Silos { get; }

    /// <returns>Null when the ring is empty.</returns>
    public SiloAddress? OwnerOf(GrainId grain)
    {
        if (Silos.Length <= 1)
        {
            return Silos.Length == 0 ? null : Silos[0];
        }

        var found = Array.BinarySearch(_points, StableHash.Of(grain));
        var index = found >= 0 ? found : ~found;
        return _owners[index == _points.Length ? 0 : index];
    }
}

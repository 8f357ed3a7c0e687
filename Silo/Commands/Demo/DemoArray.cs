using System.Globalization;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>A chunked array: the standard deviation of x + x.T - x.mean(axis=0).</summary>
internal sealed class DemoArray : IDemoPart
{
    public string Name => "array";

    public string Title => "Array: (x + x.T - x.Mean(axis: 0)).Std()";

    public async Task RunAsync(DemoContext context, CancellationToken cancellationToken)
    {
        const int Size = 4000, Chunk = 1000;
        var begun = TimeProvider.System.GetTimestamp();
        var x = DaskArray.FromFunction((i, j) => (((i * 7919) + (j * 104729) + (i * j % 1013)) % 10007) / 10007.0, (Size, Size), chunks: (Chunk, Chunk));
        var std = await (x + x.T - x.Mean(axis: 0)).Std().ComputeAsync(cancellationToken: cancellationToken);
        DemoConsole.Line($"x {x}");
        DemoConsole.Line(string.Create(CultureInfo.InvariantCulture, $"std {std:0.000000} of {(long)Size * Size:N0} elements in {x.NPartitions} chunks after {DemoConsole.Seconds(begun)}"));
    }
}

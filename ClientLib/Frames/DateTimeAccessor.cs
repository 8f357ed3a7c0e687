using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>Parts of points of time; from <see cref="DaskSeries.Dt"/>.</summary>
public sealed class DateTimeAccessor
{
    private readonly DaskSeries _series;

    internal DateTimeAccessor(DaskSeries series) => _series = series;

    /// <summary>From 0 to 23.</summary>
    public DaskSeries Hour => Part(DateField.Hour);

    /// <summary>From Monday, 0, to Sunday, 6.</summary>
    public DaskSeries Weekday => Part(DateField.Weekday);

    private DaskSeries Part(DateField field) => _series.With(new DatePart(field, _series.Expression), _series.Name);
}

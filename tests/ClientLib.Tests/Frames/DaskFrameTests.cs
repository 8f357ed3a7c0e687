using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Frames;

public class DaskFrameTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    private static DaskFrame Rides(int partitions) => DaskFrame.FromFrame(
        new Frame(
            ("hour", Column.Of(9L, 8, 9, 8, 10, 9, 8)),
            ("fare", Column.Of(10.0, 20, 0, 5, 8, double.NaN, 40)),
            ("tip", Column.Of(1.0, 4, 0, 1, 2, 1, 10)),
            ("color", Column.Of("yellow", "green", "yellow", null, "green", "yellow", "yellow"))),
        partitions);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task Mean_per_group(int partitions)
    {
        var rides = Rides(partitions);
        rides = rides.Assign("fraction", rides["tip"] / rides["fare"]);
        var means = await rides.GroupBy("hour")["fraction"].Mean().ComputeAsync(s_scheduler);
        Assert.Equal(("fraction", "hour"), (means.Name, means.Index.Names[0]));
        Assert.Equal([8L, 9L, 10L], means.Index.Levels[0].ToValues());
        Assert.Equal([0.216666666667, 0.1, 0.25], means.Values.ToValues().Select(value => Math.Round((double)value!, 12)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Groups_by_text_drop_missing_keys_and_sort(int partitions)
    {
        var means = await Rides(partitions).GroupBy("color")["tip"].Mean().ComputeAsync(s_scheduler);
        Assert.Equal(["green", "yellow"], means.Index.Levels[0].ToValues());
        Assert.Equal([3.0, 3.0], means.Values.ToValues());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Filtered_rows_keep_their_labels(int partitions)
    {
        var rides = Rides(partitions);
        var tipped = await rides[(rides["tip"] > 1) & !(rides["color"].EqualTo("green"))].Select("tip", "hour").ComputeAsync(s_scheduler);
        Assert.Equal([10.0], tipped["tip"].Values.ToValues());
        Assert.Equal([6L], tipped.Index.Levels[0].ToValues());
        Assert.Equal(["tip", "hour"], tipped.Columns);
    }

    [Fact]
    public async Task Arithmetic_follows_pandas()
    {
        var frame = DaskFrame.FromFrame(new Frame(("a", Column.Of(7L, -7, 0)), ("b", Column.Of(0L, 2, 0)), ("x", Column.Of(0.5, double.NaN, 2))));
        Assert.Equal([double.PositiveInfinity, -3.5, null], (await (frame["a"] / frame["b"]).ComputeAsync(s_scheduler)).Values.ToValues());
        Assert.Equal([14L, -14L, 0L], (await (frame["a"] * 2).ComputeAsync(s_scheduler)).Values.ToValues());
        Assert.Equal([7.5, null, 2.0], (await (frame["a"] + frame["x"]).ComputeAsync(s_scheduler)).Values.ToValues());
        Assert.Equal([true, true, false], (await frame["x"].NotEqualTo(2.0).ComputeAsync(s_scheduler)).Values.ToValues());
        Assert.Equal(("a", null), ((frame["a"] + 1).Name, (frame["a"] + frame["b"]).Name));
        Assert.Equal([3L, 17L, 10L], (await (10 - frame["a"]).ComputeAsync(s_scheduler)).Values.ToValues());
    }

    [Fact]
    public void Mistakes_are_told_at_the_call()
    {
        var rides = Rides(2);
        Assert.Contains("There are: 'hour', 'fare', 'tip', 'color'", Assert.Throws<FrameException>(() => rides["toll"]).Message, StringComparison.Ordinal);
        Assert.Contains("needs numbers", Assert.Throws<FrameException>(() => rides["tip"] + rides["color"]).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be compared", Assert.Throws<FrameException>(() => rides["tip"] < "x").Message, StringComparison.Ordinal);
        Assert.Contains("truth values", Assert.Throws<FrameException>(() => rides[rides["tip"]]).Message, StringComparison.Ordinal);
        Assert.Contains("parseDates", Assert.Throws<FrameException>(() => rides["tip"].Dt).Message, StringComparison.Ordinal);
        var tipped = rides[rides["tip"] > 0];
        Assert.Contains("first Assign, then filter", Assert.Throws<FrameException>(() => tipped.Assign("x", rides["tip"])).Message, StringComparison.Ordinal);
        Assert.Contains("needs numbers", Assert.Throws<FrameException>(() => rides.GroupBy("hour")["color"].Mean()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_reads_the_first_partition_only()
    {
        var head = await Rides(3).HeadAsync(2, s_scheduler);
        Assert.Equal([9L, 8L], head["hour"].Values.ToValues());
        Assert.Equal(3, (await Rides(3).HeadAsync(100, s_scheduler)).Length);
    }

    [Fact]
    public async Task A_persisted_frame_is_read_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("once.csv", "a,b\n1,2\n3,4\n");
        var kept = await DaskFrame.ReadCsv(path).PersistAsync(s_scheduler);
        File.Delete(path);
        Assert.Equal([2L, 6L], (await (kept["a"] + kept["b"] - 1).ComputeAsync(s_scheduler)).Values.ToValues());
    }

    [Fact]
    public async Task Hours_and_weekdays_also_before_1970()
    {
        var times = new[] { new DateTime(2019, 3, 23, 20, 21, 9), new DateTime(1969, 12, 31, 23, 59, 59), new DateTime(1970, 1, 1), new DateTime(1900, 1, 1, 5, 0, 0) };
        var frame = DaskFrame.FromFrame(new Frame(("t", Column.Of(times))));
        Assert.Equal(times.Select(time => (object)(long)time.Hour), (await frame["t"].Dt.Hour.ComputeAsync(s_scheduler)).Values.ToValues());
        Assert.Equal(times.Select(time => (object)(long)(((int)time.DayOfWeek + 6) % 7)), (await frame["t"].Dt.Weekday.ComputeAsync(s_scheduler)).Values.ToValues());
    }

    [Fact]
    public async Task Real_rides_by_hour()
    {
        // pandas: df.assign(f=df.tip / df.fare).groupby(df.pickup.dt.hour).f.mean(), of the file where it lies beside the repository.
        if (SharedFolder.Find("data/taxis.csv") is not { } path)
        {
            return;
        }

        foreach (var blockSize in new long?[] { null, 100_000 })
        {
            var rides = DaskFrame.ReadCsv(path, parseDates: ["pickup", "dropoff"], blockSize: blockSize);
            rides = rides.Assign("fraction", rides["tip"] / rides["fare"]);
            var byHour = await rides.GroupBy(rides["pickup"].Dt.Hour)["fraction"].Mean().ComputeAsync(s_scheduler);
            Assert.Equal(24, byHour.Length);
            Assert.Equal([0.162526, 0.169302, 0.166464, 0.149048, 0.158882], Enumerable.Range(0, 5).Select(hour => Math.Round((double)byHour[hour]!, 6)));
        }
    }
}

internal static class ColumnValues
{
    public static object?[] ToValues(this Column column) => [.. Enumerable.Range(0, column.Length).Select(row => column[row])];
}

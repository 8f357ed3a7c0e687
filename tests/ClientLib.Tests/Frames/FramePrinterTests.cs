namespace Orleans.Dask.ClientLib.Tests.Frames;

public class FramePrinterTests
{
    [Fact]
    public void A_frame_prints_as_pandas_prints_it()
    {
        var frame = new Frame(
            ("id", Column.Of(1L, 20, 300)),
            ("fare", Column.Of(7.0, double.NaN, 27.25)),
            ("zone", Column.Of("Lenox Hill", null, "SoHo")),
            ("pickup", Column.Of(new DateTime(2019, 3, 23, 20, 21, 9), new DateTime(2019, 3, 4, 16, 11, 55), new DateTime(2019, 3, 27))));
        Assert.Equal(
            """
                id   fare        zone               pickup
            0    1   7.00  Lenox Hill  2019-03-23 20:21:09
            1   20    NaN        <NA>  2019-03-04 16:11:55
            2  300  27.25        SoHo  2019-03-27 00:00:00
            """,
            frame.ToString());
    }

    [Fact]
    public void Names_of_labels_have_a_line_of_their_own()
    {
        var frame = new Frame(["m"], [Column.Of(1.5, 2)], FrameIndex.Of("k", Column.Of("a", "b")));
        Assert.Equal("     m\nk\na  1.5\nb  2.0", frame.ToString());
    }

    [Fact]
    public void A_series_prints_its_labels_name_and_type()
    {
        var series = new Series("tip", Column.Of(0.5, 1.0 / 3), FrameIndex.Of("hour", Column.Of(8L, 12)));
        Assert.Equal("hour\n8     0.500000\n12    0.333333\nName: tip, dtype: float64", series.ToString());
    }

    [Fact]
    public void A_long_frame_leaves_out_its_middle()
    {
        var text = new Frame(("a", Column.Of([.. Enumerable.Range(0, 100).Select(i => (long)i)]))).ToString();
        Assert.Equal(14, text.Split('\n').Length);
        Assert.EndsWith("[100 rows x 1 columns]", text, StringComparison.Ordinal);
    }
}

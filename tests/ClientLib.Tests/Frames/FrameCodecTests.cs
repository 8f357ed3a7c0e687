using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Frames;

public class FrameCodecTests
{
    private static Frame Sample(int rows) => new(
        ("i", new Int64Column([.. Enumerable.Range(0, rows).Select(i => (long)i * i)], rows > 2 ? [.. Enumerable.Repeat(~5UL, (rows + 63) / 64)] : null)),
        ("d", Column.Of([.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? double.NaN : i / 7.0)])),
        ("s", Column.Of([.. Enumerable.Range(0, rows).Select(i => i % 4 == 0 ? null : $"zone é {i}")])),
        ("t", Column.Of([.. Enumerable.Range(0, rows).Select(i => new DateTime(2019, 3, 1).AddMinutes(i))])),
        ("b", Column.Of([.. Enumerable.Range(0, rows).Select(i => i % 2 == 0)])));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_frame_arrives_as_it_was_sent(int rows)
    {
        var frame = Sample(rows);
        Assert.Equal(Describe(frame), Describe(Travelled(frame)));
        var chosen = frame.Take([.. Enumerable.Range(0, rows).Where(row => row % 2 == 1)]);
        Assert.Equal(Describe(chosen), Describe(Travelled(chosen)));
    }

    [Fact]
    public void Truncated_and_changed_bytes_are_refused_or_read_within_bounds()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        var bytes = Payload.Encode(Sample(100));
        for (var run = 0; run < 5_000; run++)
        {
            var hostile = bytes.AsSpan(0, run % 2 == 0 ? bytes.Length : random.Next(bytes.Length)).ToArray();
            for (var flips = random.Next(1, 4); flips > 0 && hostile.Length > 0; flips--)
            {
                hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            }

            try
            {
                Describe(Payload.Decode<Frame>(hostile));
            }
            catch (PayloadException)
            {
                // Refused: what is expected of most of them.
            }
            catch (Exception thrown)
            {
                Assert.Fail($"Seed {Seed}, run {run}: {thrown}");
            }
        }
    }

    private static Frame Travelled(Frame frame) => Payload.Decode<Frame>(Payload.Encode(frame));

    private static string Describe(Frame frame) =>
        string.Join('\n', frame.Columns.Select(name => $"{name} {frame[name].Type} {string.Join('|', frame[name].Values.ToValues())}"))
        + $"\n{string.Join(',', frame.Index.Names)} {string.Join('|', frame.Index.Levels.Select(level => string.Join(' ', level.ToValues())))}";
}

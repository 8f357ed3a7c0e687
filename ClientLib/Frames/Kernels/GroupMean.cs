using System.Numerics.Tensors;

namespace Orleans.Dask.Frames;

/// <summary>
/// The mean per group in three steps, so that partitions need not meet: sums and counts of a partition,
/// the same of several partitions added, and at last their quotients in the order of the keys.
/// </summary>
internal static class GroupMean
{
    private const string Key = "key";
    private const string Sum = "sum";
    private const string Count = "count";

    /// <summary>Of a partition: key, sum and count of the present values per group.</summary>
    public sealed class Partial(ColumnExpression key, ColumnExpression value) : FrameKernel
    {
        public override string Name => "group-mean-partial";

        protected override object Run(object?[] arguments, CancellationToken cancellationToken)
        {
            var rows = (Frame)arguments[0]!;
            var keys = key.Evaluate(rows);
            var grouping = Grouping.By(keys);
            var (sums, counts) = (new double[grouping.FirstRows.Length], new long[grouping.FirstRows.Length]);
            var values = Numbers.Doubles(value.Evaluate(rows));
            var groups = grouping.Groups;
            for (var row = 0; row < groups.Length; row++)
            {
                var group = groups[row];
                var number = values[row];
                if (group >= 0 && !double.IsNaN(number))
                {
                    sums[group] += number;
                    counts[group]++;
                }
            }

            return new Frame((Key, keys.Take(grouping.FirstRows)), (Sum, new Float64Column(sums)), (Count, new Int64Column(counts)));
        }
    }

    /// <summary>Of several such tables: one.</summary>
    public sealed class Combine : FrameKernel
    {
        public override string Name => "group-mean-combine";

        protected override object Run(object?[] arguments, CancellationToken cancellationToken)
        {
            var partials = Frame.Concat([.. arguments.Cast<Frame>()]);
            var grouping = Grouping.By(partials.Find(Key));
            var (sums, counts) = (new double[grouping.FirstRows.Length], new long[grouping.FirstRows.Length]);
            var partialSums = ((Float64Column)partials.Find(Sum)).Values;
            var partialCounts = ((Int64Column)partials.Find(Count)).Values;
            for (var row = 0; row < grouping.Groups.Length; row++)
            {
                sums[grouping.Groups[row]] += partialSums[row];
                counts[grouping.Groups[row]] += partialCounts[row];
            }

            return new Frame((Key, partials.Find(Key).Take(grouping.FirstRows)), (Sum, new Float64Column(sums)), (Count, new Int64Column(counts)));
        }
    }

    /// <summary>Of the one table: means by ascending key, the keys as labels.</summary>
    public sealed class Finish(string? keyName, string valueName) : FrameKernel
    {
        public override string Name => "group-mean";

        protected override object Run(object?[] arguments, CancellationToken cancellationToken)
        {
            var whole = (Frame)arguments[0]!;
            var keys = whole.Find(Key);
            var order = ColumnOrder.Ascending(keys);
            var means = new double[order.Length];
            TensorPrimitives.Divide(Numbers.Doubles(whole.Find(Sum)), Numbers.Doubles(whole.Find(Count)), means);
            return new Frame([valueName], [new Float64Column(means).Take(order)], FrameIndex.Of(keyName, keys.Take(order)));
        }
    }
}

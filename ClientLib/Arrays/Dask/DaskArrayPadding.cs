using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Padding.</summary>
public static class DaskArrayPadding
{
    /// <param name="array">What is padded.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>So many more at both ends of every axis.</summary>
        /// <param name="padWidth">How many.</param>
        /// <param name="mode">constant, edge, linear_ramp, maximum, mean, minimum, reflect, symmetric or wrap.</param>
        /// <param name="constantValues">For constant.</param>
        /// <param name="endValues">For linear_ramp: what the ramp ends at.</param>
        /// <param name="statLength">For maximum, mean and minimum: of how many elements at the end; all without it.</param>
        /// <param name="reflectType">For reflect and symmetric: "even", or "odd" to mirror at the end's value too.</param>
        public DaskArray<T> Pad(int padWidth, string mode = "constant", double constantValues = 0, double endValues = 0, int? statLength = null, string reflectType = "even") =>
            array.Pad([.. Enumerable.Repeat((padWidth, padWidth), array.Rank)], mode, constantValues, endValues, statLength, reflectType);

        /// <summary>The same before and after, for every axis.</summary>
        public DaskArray<T> Pad((int Before, int After) padWidth, string mode = "constant", double constantValues = 0, double endValues = 0, int? statLength = null, string reflectType = "even") =>
            array.Pad([.. Enumerable.Repeat(padWidth, array.Rank)], mode, constantValues, endValues, statLength, reflectType);

        /// <summary>Before and after, axis by axis.</summary>
        public DaskArray<T> Pad((int Before, int After)[] padWidth, string mode = "constant", double constantValues = 0, double endValues = 0, int? statLength = null, string reflectType = "even")
        {
            ArgumentNullException.ThrowIfNull(padWidth);
            return padWidth.Length == array.Rank
                ? new(Padding.Run(array.Recipe, padWidth, mode, Array.ConvertAll(padWidth, _ => (constantValues, constantValues)), endValues, statLength, reflectType == "odd"))
                : throw new AxisException($"{padWidth.Length} pairs of widths for {array.Rank} axes. Pass one pair per axis.");
        }

        /// <summary>Constants before and after, axis by axis.</summary>
        public DaskArray<T> Pad((int Before, int After)[] padWidth, string mode, (double Before, double After)[] constantValues)
        {
            ArgumentNullException.ThrowIfNull(padWidth);
            ArgumentNullException.ThrowIfNull(constantValues);
            return padWidth.Length == array.Rank && constantValues.Length == array.Rank
                ? new(Padding.Run(array.Recipe, padWidth, mode, constantValues, 0, null, odd: false))
                : throw new AxisException($"{padWidth.Length} pairs of widths and {constantValues.Length} of values for {array.Rank} axes. Pass one pair per axis.");
        }
    }
}

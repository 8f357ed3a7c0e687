namespace Orleans.Dask.RandomNumbers;

/// <summary>
/// The random numbers of one element of an array: as many as its distribution needs, and none of them shared with
/// another element. Counter: (draw, element); draw 0 belongs to the bulk paths of <see cref="CounterRandom"/>.
/// </summary>
internal ref struct ElementRandom(ulong seed, ulong element)
{
    private readonly ulong _seed = seed;
    private readonly ulong _element = element;
    private ulong _block;
    private ulong _spare;
    private bool _hasSpare;

    public ulong NextUInt64()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        (var word, _spare) = Philox.Block(_element, ++_block, _seed);
        _hasSpare = true;
        return word;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => ToUnit(NextUInt64());

    /// <summary>Uniform in (0, 1]: safe under a logarithm.</summary>
    public double NextPositive() => ToPositive(NextUInt64());

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(NextPositive())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public ulong NextBelow(ulong bound)
    {
        var product = (UInt128)NextUInt64() * bound;
        if ((ulong)product < bound)
        {
            var refused = unchecked(0UL - bound) % bound;
            while ((ulong)product < refused)
            {
                product = (UInt128)NextUInt64() * bound;
            }
        }

        return (ulong)(product >> 64);
    }

    internal static double ToUnit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));

    internal static double ToPositive(ulong word) => ((word >> 11) + 1) * (1.0 / (1UL << 53));
}

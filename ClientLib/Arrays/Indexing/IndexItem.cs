namespace Orleans.Dask;

/// <summary>
/// One item of an index: a position, a slice or range, a list of positions, a mask of one axis, a new axis, or an
/// ellipsis. Numbers, ranges and arrays convert by themselves: <c>x[0, 1..^1, new[] { 3, 1 }]</c>.
/// </summary>
public readonly struct IndexItem
{
    private readonly IndexKind _kind;
    private readonly long _position;
    private readonly Slice _slice;
    private readonly Array? _list;

    private IndexItem(IndexKind kind, long position = 0, Slice slice = default, Array? list = null) =>
        (_kind, _position, _slice, _list) = (kind, position, slice, list);

    internal enum IndexKind
    {
        Slice,
        Position,
        Positions,
        Mask,
        NewAxis,
        Ellipsis,
    }

    /// <summary>An axis of length 1 that was not there.</summary>
    public static IndexItem NewAxis => new(IndexKind.NewAxis);

    /// <summary>As many whole axes as are left.</summary>
    public static IndexItem Ellipsis => new(IndexKind.Ellipsis);

    /// <summary>The whole axis.</summary>
    public static IndexItem All => new(IndexKind.Slice, slice: Slice.All);

    internal IndexKind Kind => _kind;

    internal long Position => _position;

    // The default of the type is the slice with step 0: read it as the whole axis.
    internal Slice Slice => _slice.Step == 0 && _slice.Start is null && _slice.Stop is null ? Slice.All : _slice;

    internal long[] Positions => (long[])_list!;

    internal bool[] Mask => (bool[])_list!;

    /// <summary>One position; the axis goes away.</summary>
    public static implicit operator IndexItem(int position) => new(IndexKind.Position, position);

    /// <inheritdoc cref="op_Implicit(int)"/>
    public static implicit operator IndexItem(long position) => new(IndexKind.Position, position);

    /// <inheritdoc cref="op_Implicit(int)"/>
    public static implicit operator IndexItem(Index position) => new(IndexKind.Position, position.IsFromEnd ? -position.Value : position.Value);

    /// <summary>Part of the axis.</summary>
    public static implicit operator IndexItem(Slice slice) => slice.Step == 0
        ? throw new ArrayException("A slice with step 0 never ends. Pass a step of 1 or more, or -1 or less to walk backwards.")
        : new(IndexKind.Slice, slice: slice);

    /// <inheritdoc cref="op_Implicit(Slice)"/>
    public static implicit operator IndexItem(Range range) => new(IndexKind.Slice, slice: range);

    /// <summary>These positions of the axis, in this order; one may stand there twice.</summary>
    public static implicit operator IndexItem(int[] positions) => new(IndexKind.Positions, list: Array.ConvertAll(positions, p => (long)p));

    /// <inheritdoc cref="op_Implicit(int[])"/>
    public static implicit operator IndexItem(long[] positions) => new(IndexKind.Positions, list: positions);

    /// <summary>The positions of the axis where the mask is true.</summary>
    public static implicit operator IndexItem(bool[] mask) => new(IndexKind.Mask, list: mask);
}

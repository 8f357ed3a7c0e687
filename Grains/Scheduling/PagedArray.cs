namespace Orleans.Dask.Grains.Scheduling;

/// <summary>A growing array that never copies itself: growth by doubling would need three times the memory at its peak.</summary>
internal sealed class PagedArray<T>
{
    private const int Shift = 12;
    private const int Mask = (1 << Shift) - 1;
    private T[]?[] _pages = new T[]?[4];

    public int Count { get; private set; }

    public ref T this[int index] => ref _pages[index >> Shift]![index & Mask];

    /// <summary>Room for <paramref name="count"/> more; the place of the first.</summary>
    public int Add(int count = 1)
    {
        var first = Count;
        Count += count;
        for (var page = first >> Shift; page <= (Count - 1) >> Shift; page++)
        {
            if (page == _pages.Length)
            {
                Array.Resize(ref _pages, page * 2);
            }

            _pages[page] ??= new T[1 << Shift];
        }

        return first;
    }

    /// <summary>Empty again, but for one page.</summary>
    public void Clear()
    {
        var first = _pages[0];
        first?.AsSpan().Clear();
        _pages = new T[]?[4];
        _pages[0] = first;
        Count = 0;
    }
}

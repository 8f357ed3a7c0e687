namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// An array whose pages come to be when they are first written: dense use costs what an array costs,
/// one index out of a million costs a page. Growing never copies more than the first page.
/// </summary>
internal sealed class PagedArray<T>
{
    private const int Shift = 10;
    private const int PageSize = 1 << Shift;
    private T[]?[] _pages = [];

    /// <summary>The element, or the default where nothing was written.</summary>
    public T? this[int index]
    {
        get
        {
            var page = (uint)(index >> Shift) < (uint)_pages.Length ? _pages[index >> Shift] : null;
            var place = index & (PageSize - 1);
            return page is not null && place < page.Length ? page[place] : default;
        }
    }

    /// <summary>The element's place, made when it is not there.</summary>
    public ref T At(int index)
    {
        var number = index >> Shift;
        if ((uint)number < (uint)_pages.Length && _pages[number] is { } page && (index & (PageSize - 1)) is var place && place < page.Length)
        {
            return ref page[place];
        }

        return ref Make(number)[index & (PageSize - 1)];

        T[] Make(int number)
        {
            if (number >= _pages.Length)
            {
                Array.Resize(ref _pages, Math.Max(number + 1, Math.Min(_pages.Length * 2, 1 << 21)));
            }

            ref var page = ref _pages[number];
            var old = page?.Length ?? 0;
            // Only the first page is ever short: most layers are.
            var size = number > 0 ? PageSize : Math.Min(PageSize, Math.Max((index & (PageSize - 1)) + 1, old * 2));
            Array.Resize(ref page, size);
            return page;
        }
    }
}

namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    private const int ZipBufferSize = 10;

    /// <summary>Pairs: the first events of both sides, the second ones, and so on.</summary>
    /// <param name="first">One side.</param>
    /// <param name="second">The other.</param>
    /// <param name="maxSize">How many events of one side may wait for the other before those who emit them wait as well.</param>
    public static StreamNode<(T1, T2)> Zip<T1, T2>(this StreamNode<T1> first, StreamNode<T2> second, int maxSize = ZipBufferSize)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, 1);
        return new ZipNode<T1, T2>(first, second, maxSize);
    }

    /// <summary>One event of each side, as a list in the order of the sides.</summary>
    /// <param name="sides">At least one; a node may stand there twice.</param>
    /// <param name="maxSize">How many events of one side may wait for the others before those who emit them wait as well.</param>
    public static StreamNode<T[]> ZipAll<T>(IReadOnlyList<StreamNode<T>> sides, int maxSize = ZipBufferSize)
    {
        ArgumentNullException.ThrowIfNull(sides);
        ArgumentOutOfRangeException.ThrowIfZero(sides.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, 1);
        return new ZipAllNode<T>(sides, maxSize);
    }

    private sealed class ZipNode<T1, T2> : JoinNode<(T1, T2)>
    {
        private readonly ZipBuffer<T1> _first;
        private readonly ZipBuffer<T2> _second;

        public ZipNode(StreamNode<T1> first, StreamNode<T2> second, int maxSize)
            : base("zip")
        {
            (_first, _second) = (new(maxSize), new(maxSize));
            first.Connect(new First(this));
            second.Connect(new Second(this));
        }

        private sealed class First(ZipNode<T1, T2> zip) : Port<T1>(zip)
        {
            public override ValueTask ReceiveAsync(T1 item)
            {
                (T1, T2) pair;
                lock (zip.Gate)
                {
                    if (zip._second.IsEmpty)
                    {
                        return zip._first.Add(item);
                    }

                    pair = (item, zip._second.Take());
                    if (!zip.IsMyTurn(pair, out var taken))
                    {
                        return taken;
                    }
                }

                return zip.PublishInTurnAsync(pair);
            }
        }

        private sealed class Second(ZipNode<T1, T2> zip) : Port<T2>(zip)
        {
            public override ValueTask ReceiveAsync(T2 item)
            {
                (T1, T2) pair;
                lock (zip.Gate)
                {
                    if (zip._first.IsEmpty)
                    {
                        return zip._second.Add(item);
                    }

                    pair = (zip._first.Take(), item);
                    if (!zip.IsMyTurn(pair, out var taken))
                    {
                        return taken;
                    }
                }

                return zip.PublishInTurnAsync(pair);
            }
        }
    }

    private sealed class ZipAllNode<T> : JoinNode<T[]>
    {
        private readonly ZipBuffer<T>[] _sides;

        public ZipAllNode(IReadOnlyList<StreamNode<T>> sides, int maxSize)
            : base("zip")
        {
            _sides = [.. sides.Select(_ => new ZipBuffer<T>(maxSize))];
            for (var side = 0; side < _sides.Length; side++)
            {
                sides[side].Connect(new Side(this, side));
            }
        }

        private sealed class Side(ZipAllNode<T> zip, int side) : Port<T>(zip)
        {
            public override ValueTask ReceiveAsync(T item)
            {
                T[] row;
                lock (zip.Gate)
                {
                    zip._sides[side].Enqueue(item);
                    if (Array.Exists(zip._sides, other => other.IsEmpty))
                    {
                        return zip._sides[side].Wait();
                    }

                    row = Array.ConvertAll(zip._sides, other => other.Take());
                    if (!zip.IsMyTurn(row, out var taken))
                    {
                        return taken;
                    }
                }

                return zip.PublishInTurnAsync(row);
            }
        }
    }
}

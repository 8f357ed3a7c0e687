namespace Orleans.Dask.Drawing;

/// <summary>
/// Places for the nodes of a graph, in rows: each node above all it is made from (its height is the longest way down). An
/// edge over several rows goes through a bend in each, and within a row nodes and bends stand near the middle of their
/// neighbours, which takes most crossings out.
/// </summary>
internal sealed class GraphLayout
{
    private const int Sweeps = 8;

    private readonly List<int> _row = [];
    private readonly List<List<int>> _below = [];
    private readonly List<List<int>> _above = [];
    private readonly double[] _x;

    /// <param name="nodes">In topological order.</param>
    public GraphLayout(DrawnNode[] nodes)
    {
        foreach (var node in nodes)
        {
            NewPlace(node.Inputs.Length == 0 ? 0 : 1 + node.Inputs.Max(i => _row[i]));
        }

        var edges = new List<int[]>();
        for (var id = 0; id < nodes.Length; id++)
        {
            foreach (var input in nodes[id].Inputs)
            {
                // Through a bend in every row between.
                var way = new List<int> { input };
                for (var row = _row[input] + 1; row < _row[id]; row++)
                {
                    way.Add(NewPlace(row));
                }

                way.Add(id);
                for (var i = 1; i < way.Count; i++)
                {
                    _above[way[i - 1]].Add(way[i]);
                    _below[way[i]].Add(way[i - 1]);
                }

                edges.Add([.. way]);
            }
        }

        Edges = edges;
        Rows = _row.Count == 0 ? 0 : _row.Max() + 1;
        _x = new double[_row.Count];
        Arrange();
    }

    /// <summary>Each edge as the places it goes through, from what is taken to what is made.</summary>
    public IReadOnlyList<int[]> Edges { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Width, in distances between neighbours.</summary>
    public double Width { get; private set; }

    /// <summary>Place of a node or bend: distances from the left, and rows from the bottom.</summary>
    public (double X, int Row) this[int place] => (_x[place], _row[place]);

    private int NewPlace(int row)
    {
        _row.Add(row);
        _below.Add([]);
        _above.Add([]);
        return _row.Count - 1;
    }

    private void Arrange()
    {
        var rows = Enumerable.Range(0, Rows).Select(_ => new List<int>()).ToArray();
        for (var place = 0; place < _row.Count; place++)
        {
            _x[place] = rows[_row[place]].Count;
            rows[_row[place]].Add(place);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var up = sweep % 2 == 0;
            for (var i = 1; i < Rows; i++)
            {
                Settle(rows[up ? i : Rows - 1 - i], up ? _below : _above);
            }
        }

        var left = _x.Length == 0 ? 0 : _x.Min();
        for (var place = 0; place < _x.Length; place++)
        {
            _x[place] -= left;
            Width = Math.Max(Width, _x[place] + 1);
        }
    }

    /// <summary>Orders a row by the middle of its neighbours, and moves each as near to it as those beside allow.</summary>
    private void Settle(List<int> row, List<List<int>> neighbours)
    {
        var wish = row.ToDictionary(place => place, place => neighbours[place].Count == 0 ? _x[place] : neighbours[place].Average(n => _x[n]));
        var order = row.OrderBy(place => wish[place]).ThenBy(place => _x[place]).ToList();
        row.Clear();
        row.AddRange(order);

        // Runs that would overlap stand side by side around the middle of what they wish for.
        var runs = new List<(double Middle, int Count)>();
        foreach (var place in row)
        {
            var run = (Middle: wish[place], Count: 1);
            while (runs.Count > 0 && runs[^1].Middle + (runs[^1].Count / 2.0) > run.Middle - (run.Count / 2.0))
            {
                var before = runs[^1];
                runs.RemoveAt(runs.Count - 1);
                run = (((before.Middle * before.Count) + (run.Middle * run.Count)) / (before.Count + run.Count), before.Count + run.Count);
            }

            runs.Add(run);
        }

        var at = 0;
        foreach (var (middle, count) in runs)
        {
            for (var i = 0; i < count; i++)
            {
                _x[row[at++]] = middle - ((count - 1) / 2.0) + i;
            }
        }
    }
}

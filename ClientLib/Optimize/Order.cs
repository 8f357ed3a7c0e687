using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// Decides in which order nodes should run, so that memory stays flat and no long chain is left for the end.
/// </summary>
/// <remarks>
/// A scheduler that starts whatever is ready would read all of a data set before it adds up anything:
/// <code>
///        sum                  ready first            this order
///       /   \                 a b c d ab cd sum      a b ab c d cd sum
///     ab     cd               four values wait       two values wait
///    /  \   /  \
///   a    b c    d
/// </code>
/// Four rules, all about finishing what is begun; none looks at names, so the order is the same on every run and machine.
/// <list type="number">
/// <item>Depth first: a node's inputs are placed just before it, one input with all it needs after the other.</item>
/// <item>The input (and the root) with the longest way below it comes first: it is the critical path, and what is begun late
/// on a long way holds up the end; shorter ones would also have to wait in memory for it. Equals keep their order.</item>
/// <item>A node whose inputs are all there, and the last to need one of them, runs at once: it frees memory. This is how a
/// chunk and its mirror image meet in <c>x + x.T</c>, and how a chain is followed to its end.</item>
/// <item>When everything that still needs a value could run, and that is few, they all run: a chunk that a sum, a mean and a
/// standard deviation share is read, used three times and dropped. When they are many the value is kept instead, since their
/// results might not fit.</item>
/// </list>
/// After the ideas of dask/order.py. Each edge is looked at a fixed number of times; only long lists of inputs are sorted.
/// </remarks>
internal static class Order
{
    /// <summary>Rule 4: this many dependants are few.</summary>
    private const int Few = 4;

    /// <summary>The same graph, its ids being the order to run in.</summary>
    public static FlatGraph Run(FlatGraph graph) => graph.IsOrdered ? graph : graph.Reordered(new Placer(graph).Place());

    private sealed class Placer
    {
        private readonly FlatGraph _graph;
        private readonly int[] _height;       // longest way down to a node without inputs
        private readonly int[] _missing;      // inputs not placed yet; -1 once the node is placed itself
        private readonly int[] _users;        // dependants not placed yet
        private readonly int[] _usersXor;     // those dependants' ids xor'ed: when one is left, this is it
        private readonly int[] _blocked;      // dependants that still miss another input
        private readonly int[] _order;
        private int _placed;
        private int[] _stack;
        private int _depth;
        private int[] _eager = new int[16];   // nodes that rules 3 and 4 run at once, last in first out
        private int _eagerCount;
        private long[] _sorting = [];

        public Placer(FlatGraph graph)
        {
            _graph = graph;
            var n = graph.Count;
            (_height, _missing, _users, _usersXor, _blocked) = (new int[n], new int[n], new int[n], new int[n], new int[n]);
            _order = new int[n];
            _stack = new int[Math.Max(64, n / 8)];
            for (var id = 0; id < n; id++)
            {
                var inputs = graph.Dependencies(id);
                var height = 0;
                foreach (var input in inputs)
                {
                    height = Math.Max(height, _height[input] + 1);
                    _users[input]++;
                    _usersXor[input] ^= id;
                    _blocked[input]++;
                }

                _height[id] = height;
                _missing[id] = inputs.Length;
            }
        }

        public int[] Place()
        {
            PushRoots();
            while (_depth > 0)
            {
                var id = _stack[_depth - 1];
                if (_missing[id] <= 0)
                {
                    _depth--;
                    if (_missing[id] == 0)
                    {
                        PlaceWithFollowers(id);
                    }
                }
                else
                {
                    PushInputs(id);
                }
            }

            return _order;
        }

        /// <summary>Nodes that nothing depends on: from them all others are reached.</summary>
        private void PushRoots()
        {
            var first = _depth;
            for (var id = _graph.Count - 1; id >= 0; id--)
            {
                if (_users[id] == 0)
                {
                    Push(id);
                }
            }

            SortByHeight(first);
        }

        private void PushInputs(int id)
        {
            var first = _depth;
            var inputs = _graph.Dependencies(id);
            for (var i = inputs.Length - 1; i >= 0; i--)
            {
                if (_missing[inputs[i]] >= 0)
                {
                    Push(inputs[i]);
                }
            }

            SortByHeight(first);
        }

        private void Push(int id)
        {
            if (_depth == _stack.Length)
            {
                Array.Resize(ref _stack, _depth * 2);
            }

            _stack[_depth++] = id;
        }

        /// <summary>Puts the highest on top of the stack; equals stay as they are.</summary>
        private void SortByHeight(int first)
        {
            var pushed = _stack.AsSpan(first, _depth - first);
            if (pushed.Length <= 16)
            {
                for (var i = 1; i < pushed.Length; i++)
                {
                    var id = pushed[i];
                    var place = i;
                    for (; place > 0 && _height[pushed[place - 1]] > _height[id]; place--)
                    {
                        pushed[place] = pushed[place - 1];
                    }

                    pushed[place] = id;
                }

                return;
            }

            if (IsSorted(pushed))
            {
                return;
            }

            if (_sorting.Length < pushed.Length)
            {
                _sorting = new long[pushed.Length];
            }

            var keys = _sorting.AsSpan(0, pushed.Length);
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = ((long)_height[pushed[i]] << 32) | (uint)i;
            }

            keys.Sort(pushed);
        }

        private bool IsSorted(ReadOnlySpan<int> ids)
        {
            for (var i = 1; i < ids.Length; i++)
            {
                if (_height[ids[i - 1]] > _height[ids[i]])
                {
                    return false;
                }
            }

            return true;
        }

        private void PlaceWithFollowers(int id)
        {
            PlaceOne(id);
            while (_eagerCount > 0)
            {
                var next = _eager[--_eagerCount];
                if (_missing[next] == 0)
                {
                    PlaceOne(next);
                }
            }
        }

        private void PlaceOne(int id)
        {
            _order[_placed++] = id;
            _missing[id] = -1;
            foreach (var input in _graph.Dependencies(id))
            {
                _users[input]--;
                _usersXor[input] ^= id;
                Consider(input);
            }

            foreach (var user in _graph.Dependants(id))
            {
                if (--_missing[user] == 0)
                {
                    foreach (var input in _graph.Dependencies(user))
                    {
                        _blocked[input]--;
                        if (input != id)
                        {
                            Consider(input);
                        }
                    }
                }
            }

            Consider(id);
        }

        /// <summary>Rules 3 and 4 for one value: can what still needs it run?</summary>
        private void Consider(int value)
        {
            var users = _users[value];
            if (users == 0 || _missing[value] >= 0 || _blocked[value] > 0)
            {
                return;
            }

            if (users == 1)
            {
                RunSoon(_usersXor[value]);
            }
            else if (users <= Few)
            {
                var dependants = _graph.Dependants(value);
                for (var i = dependants.Length - 1; i >= 0; i--)
                {
                    RunSoon(dependants[i]);
                }
            }
        }

        private void RunSoon(int id)
        {
            if (_missing[id] != 0)
            {
                return;
            }

            if (_eagerCount == _eager.Length)
            {
                Array.Resize(ref _eager, _eagerCount * 2);
            }

            _eager[_eagerCount++] = id;
        }
    }
}

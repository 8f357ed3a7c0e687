using System.Collections.Immutable;
using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

/// <summary>Whatever graph of objects is sent, its copy has the same shape: same values, same types, same sharing, same circles.</summary>
public class GraphPropertyTests
{
    [Fact]
    public void Any_graph_comes_back_in_its_shape()
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var graph = new Generator(seed).Value(6);
            var bytes = Payload.Of(graph).Encode();
            var copy = Payload.FromBytes(bytes).Read<object?>();
            Assert.True(new Isomorphism().Same(graph, copy, "", out var difference), $"seed {seed}: {difference}");
            Assert.True(bytes.AsSpan().SequenceEqual(Payload.Of(copy).Encode()), $"seed {seed}: the copy has another encoding");
        }
    }

    private sealed class Generator(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<object> _made = [];

        public object? Value(int depth)
        {
            // Now and then an object that is already there, perhaps not finished: sharing and circles.
            if (_made.Count > 0 && _random.Next(6) == 0)
            {
                return _made[_random.Next(_made.Count)];
            }

            return _random.Next(depth > 0 ? 17 : 8) switch
            {
                0 => null,
                1 => _random.Next(-100, 100),
                2 => _random.NextDouble(),
                3 => new string((char)_random.Next(32, 0xD000), _random.Next(60)),
                4 => (decimal)_random.NextDouble(),
                5 => DateTime.UnixEpoch.AddSeconds(_random.Next()),
                6 => (DayOfWeek)_random.Next(7),
                7 => Enumerable.Range(0, _random.Next(5)).Select(_ => _random.NextInt64()).ToArray(),
                8 => Fill(new object?[_random.Next(5)], depth),
                9 => Fill(Keep(new List<object?>()), depth),
                10 => Fill(Keep(new Dictionary<string, object?>()), depth),
                11 or 12 => Fill(Keep(new Node { Number = _random.Next() }), depth),
                13 => (_random.Next(), Value(depth - 1), new Pair<object?>(Value(depth - 1), Value(depth - 1))),
                14 => Lambda(Value(depth - 1)),
                15 => ImmutableList.CreateRange(Enumerable.Range(0, _random.Next(3)).Select(_ => (object?)_random.Next())),
                _ => new Derived { Number = _random.Next(), Text = "d", Extra = _random.NextDouble(), When = DateOnly.FromDayNumber(_random.Next(100_000)) },
            };
        }

        private static Func<object?> Lambda(object? captured) => () => captured;

        private T Keep<T>(T value)
            where T : class
        {
            _made.Add(value);
            return value;
        }

        private object?[] Fill(object?[] array, int depth)
        {
            Keep(array);
            for (var i = 0; i < array.Length; i++)
            {
                array[i] = Value(depth - 1);
            }

            return array;
        }

        private List<object?> Fill(List<object?> list, int depth)
        {
            for (var i = _random.Next(4); i > 0; i--)
            {
                list.Add(Value(depth - 1));
            }

            return list;
        }

        private Dictionary<string, object?> Fill(Dictionary<string, object?> map, int depth)
        {
            for (var i = _random.Next(4); i > 0; i--)
            {
                map[$"k{i}"] = Value(depth - 1);
            }

            return map;
        }

        private Node Fill(Node node, int depth)
        {
            node.Any = Value(depth - 1);
            node.Next = Value(depth - 1) as Node;
            node.Struct = new Pair<object?>(node, Value(depth - 1));
            return node;
        }
    }

    private sealed class Isomorphism
    {
        private readonly Dictionary<object, object> _copyOf = new(ReferenceEqualityComparer.Instance);

        public bool Same(object? original, object? copy, string path, out string difference)
        {
            difference = $"{path}: {original} became {copy}";
            if (original is null || copy is null)
            {
                return original is null && copy is null;
            }

            if (original.GetType() != copy.GetType())
            {
                return false;
            }

            if (original is string or ValueType and (IFormattable or bool))
            {
                return original.Equals(copy);
            }

            if (!original.GetType().IsValueType)
            {
                if (_copyOf.TryGetValue(original, out var before))
                {
                    return ReferenceEquals(before, copy);
                }

                _copyOf.Add(original, copy);
            }

            if (original is Delegate function)
            {
                return function.Method == ((Delegate)copy).Method && Same(function.Target, ((Delegate)copy).Target, path + ".Target", out difference);
            }

            if (original is System.Collections.IEnumerable items)
            {
                var (left, right) = (items.Cast<object?>().ToArray(), ((System.Collections.IEnumerable)copy).Cast<object?>().ToArray());
                if (left.Length != right.Length)
                {
                    return false;
                }

                for (var i = 0; i < left.Length; i++)
                {
                    if (!Same(left[i], right[i], $"{path}[{i}]", out difference))
                    {
                        return false;
                    }
                }

                return true;
            }

            for (var type = original.GetType(); type is not null; type = type.BaseType)
            {
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (!Same(field.GetValue(original), field.GetValue(copy), $"{path}.{field.Name}", out difference))
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    internal class Node
    {
        public int Number;
        public object? Any;
        public Node? Next;
        public Pair<object?> Struct;
    }

    internal sealed class Derived : Node
    {
        private DateOnly _when;

        public required string Text { get; init; }

        public double Extra { get; init; }

        public DateOnly When { get => _when; init => _when = value; }
    }

    internal readonly record struct Pair<T>(T First, T Second);
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.TestKit;

/// <summary>Random inputs from a seed: the same seed gives the same input on every machine.</summary>
public static class Generate
{
    /// <summary>Task graphs in layers, whose functions mix what they are given so that any mistake changes the answer.</summary>
    public static class Graph
    {
        private static readonly TaskFunction s_source = DelegateFunction.Of((long seed) => seed * 31);
        private static readonly TaskFunction s_one = DelegateFunction.Of((long value) => (value * 7) + 1);
        private static readonly TaskFunction s_two = DelegateFunction.Of((long left, long right) => (left * 3) - (right * 5));
        private static readonly TaskFunction s_many = DelegateFunction.Of((string salt, long[] values) => values.Aggregate((long)salt.Length, (sum, value) => (sum * 13) + value));

        /// <summary>Runs a law over many graphs; what fails names its seed.</summary>
        public static async Task SampleAsync(Func<TaskGraph, TaskKey[], Task> law, int samples = 100, int seed = 1)
        {
            ArgumentNullException.ThrowIfNull(law);
            for (var i = seed; i < seed + samples; i++)
            {
                var (graph, wanted) = Layered(i);
                try
                {
                    await law(graph, wanted);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Seed {i}, {graph.Count} nodes, {wanted.Length} wanted: {e.Message}", e);
                }
            }
        }

        /// <summary>A graph of up to some hundred nodes, and keys to ask for: some twice, some that others need.</summary>
        /// <param name="seed">The same seed, the same graph.</param>
        /// <param name="name">Its layers' names begin with it: within a session a key means one value, so two graphs need two names.</param>
        public static (TaskGraph Graph, TaskKey[] Wanted) Layered(int seed, string name = "layer")
        {
            var random = new Random(seed);
            var builder = new TaskGraphBuilder();
            var all = new List<TaskKey>();
            var layers = random.Next(1, 8);
            for (var layer = 0; layer < layers; layer++)
            {
                var width = random.Next(1, 30);
                for (var index = 0; index < width; index++)
                {
                    var key = new TaskKey($"{name}-{layer}", index);
                    builder.Add(Node(random, key, all, window: 60));
                    all.Add(key);
                }
            }

            var wanted = new TaskKey[random.Next(1, 6)];
            for (var i = 0; i < wanted.Length; i++)
            {
                wanted[i] = all[random.Next(all.Count * 2 / 3, all.Count)];
            }

            return (builder.Build(), wanted);
        }

        private static TaskNode Node(Random random, TaskKey key, List<TaskKey> all, int window)
        {
            TaskKey Earlier() => all[random.Next(Math.Max(0, all.Count - window), all.Count)];
            return (all.Count == 0 ? 0 : random.Next(10)) switch
            {
                0 => new DataNode(key, (long)random.Next(100)),
                1 => new CallNode(key, s_source, [], [(long)random.Next(100)]),
                2 => new AliasNode(key, Earlier()),
                3 or 4 => new CallNode(key, s_one, Earlier()),
                5 or 6 or 7 => new CallNode(key, s_two, Earlier(), Earlier()),
                8 => new CallNode(key, s_two, [Earlier()], [Input.At(0), (long)random.Next(100)]),
                _ => Many(random, key, Earlier),
            };
        }

        private static CallNode Many(Random random, TaskKey key, Func<TaskKey> earlier)
        {
            var dependencies = Enumerable.Range(0, random.Next(1, 20)).Select(_ => earlier()).ToArray();
            return new CallNode(key, s_many, dependencies, [new string('x', random.Next(5)), new InputList(0, dependencies.Length)]);
        }
    }
}

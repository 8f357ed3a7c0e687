using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Local;

/// <summary>Graphs on the threads scheduler under a memory limit.</summary>
public sealed class SpillingTests : IDisposable
{
    private const int Elements = 100_000;
    private const long Bytes = Elements * sizeof(double);

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        var left = Directory.GetFileSystemEntries(_folder.Path);
        _folder.Dispose();
        Assert.Empty(left);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 100_000)]
    public async Task It_answers_as_the_oracle_does(int threads, long limit)
    {
        var scheduler = Limited(limit, threads);

        await Generate.Graph.SampleAsync((graph, wanted) => DaskAssert.SameAnswerAsync(graph, wanted, scheduler));
    }

    [Fact]
    public async Task Many_graphs_share_one_limit_and_answer_as_alone()
    {
        var scheduler = Limited(5 * Bytes);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(seed => scheduler.ComputeAsync(Kept(12, seed), [Key("all", 0)])));
        Assert.Equal(Enumerable.Range(0, 6).Select(seed => (object?)Sum(12, seed)), answers.Select(a => a[0]));
    }

    [Fact]
    public async Task Values_that_do_not_fit_lie_on_the_disk_until_they_are_needed()
    {
        var scheduler = Limited(4 * Bytes);
        Assert.Equal([Sum(20, seed: 3)], await scheduler.ComputeAsync(Kept(20, seed: 3), [Key("all", 0)]));
        Assert.InRange(scheduler.SpilledBytes, 16 * Bytes, 20 * Bytes);
        Assert.InRange(scheduler.PeakBytes, 3 * Bytes, 9 * Bytes / 2);
    }

    [Fact]
    public async Task Values_of_users_go_to_the_disk_as_payloads()
    {
        var builder = new TaskGraphBuilder();
        var keys = Enumerable.Range(0, 10).Select(i => Key("list", i)).ToArray();
        foreach (var key in keys)
        {
            builder.Add(new CallNode(key, DelegateFunction.Of((int i) => new Named($"number {i}", [.. Enumerable.Repeat(i, Elements)])), [], [key.Index]));
        }

        // All at once are needed for their names, then one by one: those were on the disk in between.
        builder.Add(new CallNode(Key("all", 0), new KernelFunction("names", x => string.Join(", ", x.Select(n => ((Named)n!).Name))), keys));
        for (var i = 0; i < 10; i++)
        {
            builder.Add(new CallNode(Key("sum", i), new KernelFunction("sum", x => ((Named)x[0]!).Numbers.Sum()), keys[i], Key("all", 0)));
        }

        var scheduler = Limited(3 * Elements * sizeof(int));
        var wanted = Enumerable.Range(0, 10).Select(i => Key("sum", i)).ToArray();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (object?)(i * Elements)), await scheduler.ComputeAsync(builder.Build(), wanted));
        Assert.True(scheduler.SpilledBytes > 5L * Elements * sizeof(int), $"{scheduler.SpilledBytes:N0}");
    }

    [Fact]
    public async Task What_cannot_be_encoded_stays_in_memory()
    {
        var builder = new TaskGraphBuilder();
        var keys = Enumerable.Range(0, 6).Select(i => Key("stream", i)).ToArray();
        foreach (var key in keys)
        {
            builder.Add(new CallNode(key, new KernelFunction("open", _ => new Open(new ManualResetEventSlim(), new byte[Elements])), []));
        }

        builder.Add(new CallNode(Key("all", 0), new KernelFunction("count", x => x.Count(o => ((Open)o!).Bytes.Length == Elements)), keys));
        Assert.Equal([6], await Limited(Elements).ComputeAsync(builder.Build(), [Key("all", 0)]));
    }

    [Fact]
    public async Task A_view_and_what_it_is_a_view_of_count_once()
    {
        var scheduler = Limited(100 * Bytes);
        var builder = new TaskGraphBuilder();
        builder.Add(new CallNode(Key("a", 0), Lending("make", _ => Numbers(1)), []));
        builder.Add(new CallNode(Key("a", 1), Lending("view", x => ((NDArray<double>)x[0]!)[1..]), Key("a", 0)));
        builder.Add(new CallNode(Key("a", 2), Lending("view", x => ((NDArray<double>)x[0]!).Reshape(10, -1)), Key("a", 0)));
        builder.Add(new CallNode(Key("all", 0), Lending("sum", x => x.Sum(v => ((NDArray)v!).Size)), Key("a", 1), Key("a", 2)));
        Assert.Equal([(2 * Elements) - 1], await scheduler.ComputeAsync(builder.Build(), [Key("all", 0)]));
        Assert.InRange(scheduler.PeakBytes, Bytes, 4 * Bytes);
    }

    [Fact]
    public async Task A_task_that_computes_on_its_own_limited_scheduler_gets_on()
    {
        var scheduler = Limited(2 * Bytes);
        var builder = new TaskGraphBuilder();
        var keys = Enumerable.Range(0, 4).Select(i => Key("outer", i)).ToArray();
        foreach (var key in keys)
        {
            builder.Add(new CallNode(key, DelegateFunction.Of((int seed) => (double)scheduler.ComputeAsync(Kept(5, seed), [Key("all", 0)]).GetAwaiter().GetResult()[0]!), [], [key.Index]));
        }

        Assert.Equal(Enumerable.Range(0, 4).Select(i => (object?)Sum(5, i)), await scheduler.ComputeAsync(builder.Build(), keys));
    }

    [Fact]
    public async Task Asynchronous_tasks_come_back_to_their_memory()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = new TaskGraphBuilder();
        var keys = Enumerable.Range(0, 8).Select(i => Key("later", i)).ToArray();
        foreach (var key in keys)
        {
            builder.Add(new CallNode(key, DelegateFunction.Of(async (int i) =>
            {
                gate.TrySetResult();
                await gate.Task;
                await Task.Yield();
                return Numbers(i);
            }), [], [key.Index]));
        }

        builder.Add(new CallNode(Key("all", 0), Lending("sum", x => x.Sum(v => ((NDArray<double>)v!).Span[0])), keys));
        Assert.Equal([Enumerable.Range(0, 8).Sum(i => Numbers(i).Span[0])], await Limited(2 * Bytes).ComputeAsync(builder.Build(), [Key("all", 0)]));
    }

    [Fact]
    public async Task Nothing_is_left_after_an_error()
    {
        var scheduler = Limited(3 * Bytes);
        var graph = Kept(12, seed: 1, last: _ => throw new InvalidOperationException("on purpose"));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => scheduler.ComputeAsync(graph, [Key("all", 0)]));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.True(scheduler.SpilledBytes > 0);
        Assert.Equal([Sum(12, seed: 1)], await scheduler.ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
    }

    [Fact]
    public async Task Nothing_is_left_after_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        var scheduler = Limited(3 * Bytes);
        var graph = Kept(12, seed: 1, last: _ =>
        {
            stop.Cancel();
            return 0.0;
        }, after: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scheduler.ComputeAsync(graph, [Key("after", 0)], stop.Token));
        Assert.True(scheduler.SpilledBytes > 0);
    }

    [Fact]
    public async Task Persisted_values_count_and_lie_on_the_disk_where_they_do_not_fit()
    {
        var scheduler = Limited(4 * Bytes);
        var keys = Enumerable.Range(0, 10).Select(i => Key("value", i)).ToArray();
        var kept = await scheduler.PersistAsync(Kept(10, seed: 3), keys);
        try
        {
            Assert.InRange(scheduler.SpilledBytes, 6 * Bytes, 10 * Bytes);
            Assert.InRange(scheduler.HeldBytes, 1, 4 * Bytes);
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < keys.Length; i++)
                {
                    Assert.Equal(Numbers(3 + i).ToArray(), ((NDArray<double>)(await scheduler.ComputeAsync(kept.Graph, [keys[i]]))[0]!).ToArray());
                }
            }

            // Whoever runs besides gets their memory.
            Assert.Equal([Sum(12, seed: 1)], await scheduler.ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
            Assert.InRange(scheduler.PeakBytes, 1, 9 * Bytes / 2);

            // And on any other scheduler they are what they were.
            Assert.Equal(Numbers(12).ToArray(), ((NDArray<double>)(await new SynchronousScheduler().ComputeAsync(kept.Graph, [keys[9]]))[0]!).ToArray());
            var others = new ThreadsScheduler(2);
            foreach (var (value, i) in (await others.ComputeAsync(kept.Graph, keys)).Select((value, i) => (value, i)))
            {
                Assert.Equal(Numbers(3 + i).ToArray(), ((NDArray<double>)value!).ToArray());
            }
        }
        finally
        {
            ((IDisposable)kept).Dispose();
        }

        Assert.Equal(0, scheduler.HeldBytes);
    }

    [Fact]
    public async Task Persisted_values_go_to_a_cluster_as_values()
    {
        var scheduler = Limited(2 * Bytes);
        var kept = await scheduler.PersistAsync(Kept(4, seed: 3), [Key("value", 0), Key("value", 3)]);
        var flat = KeptGraph.Load(Optimizer.Run(kept.Graph, [Key("value", 3), Key("value", 0)]));
        foreach (var (i, seed) in ((int, int)[])[(0, 6), (1, 3)])
        {
            Assert.Equal(Numbers(seed).ToArray(), ((NDArray<double>)Assert.IsType<DataNode>(flat.Nodes[flat.Wanted[i]]).Value!).ToArray());
        }

        ((IDisposable)kept).Dispose();
    }

    [Fact]
    public async Task Many_persist_and_compute_at_once_under_one_limit()
    {
        var scheduler = Limited(4 * Bytes);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async seed =>
        {
            var keys = Enumerable.Range(0, 6).Select(i => Key("value", i)).ToArray();
            var kept = await scheduler.PersistAsync(Kept(6, seed), keys);
            Assert.Equal([Sum(5, seed)], await scheduler.ComputeAsync(Kept(5, seed), [Key("all", 0)]));
            var values = await scheduler.ComputeAsync(kept.Graph, keys);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal(Numbers(seed + i).ToArray(), ((NDArray<double>)values[i]!).ToArray());
            }

            ((IDisposable)kept).Dispose();
        }));
        Assert.Equal(0, scheduler.HeldBytes);
    }

    [Fact]
    public async Task A_graph_that_fails_to_persist_leaves_nothing()
    {
        var scheduler = Limited(3 * Bytes);
        await Assert.ThrowsAsync<TaskFailedException>(() => scheduler.PersistAsync(Kept(12, seed: 1, last: _ => throw new InvalidOperationException("on purpose")), [Key("value", 0), Key("all", 0)]));
        Assert.Equal(0, scheduler.HeldBytes);
    }

    [Fact]
    public async Task A_full_disk_is_an_error_that_says_so()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var scheduler = new ThreadsScheduler(2, 3 * Bytes, _folder.Path) { SpillDisk = SpillDisk.Default with { Open = _ => File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite) } };
        var error = await Assert.ThrowsAsync<SpillException>(() => scheduler.ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Contains("limit of 2,400,000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_an_error_that_says_so()
    {
        var file = _folder.Write("taken", "a file");
        var scheduler = new ThreadsScheduler(2, 3 * Bytes, file);
        await Assert.ThrowsAsync<SpillException>(() => scheduler.ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
        File.Delete(file);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_removed_costs_no_answer_and_is_left_for_the_next_run()
    {
        var left = "";
        var scheduler = new ThreadsScheduler(2, 3 * Bytes, _folder.Path)
        {
            SpillDisk = SpillDisk.Default with
            {
                Remove = path =>
                {
                    left = path;
                    throw new UnauthorizedAccessException("on purpose");
                },
            },
        };
        Assert.Equal([Sum(12, seed: 1)], await scheduler.ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
        Assert.True(scheduler.SpilledBytes > 0);
        Assert.True(Directory.Exists(left));
        Directory.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        Assert.Equal([Sum(12, seed: 1)], await Limited(3 * Bytes).ComputeAsync(Kept(12, seed: 1), [Key("all", 0)]));
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void Folders_are_private_and_those_of_crashed_processes_go()
    {
        var abandoned = Directory.CreateDirectory(Path.Combine(_folder.Path, "orleans-dask-spill-crashed")).FullName;
        File.WriteAllText(Path.Combine(abandoned, "values"), "left");
        Directory.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-1));

        // Somebody's who has made the file and is about to lock it.
        var beginning = Directory.CreateDirectory(Path.Combine(_folder.Path, "orleans-dask-spill-beginning")).FullName;
        File.WriteAllText(Path.Combine(beginning, "values"), "");
        var unrelated = Directory.CreateDirectory(Path.Combine(_folder.Path, "mine")).FullName;

        using (var one = new SpillFile(_folder.Path, SpillDisk.Default))
        {
            using var first = one.Write(3, write => write([1, 2, 3]));
            Assert.False(Directory.Exists(abandoned));
            Assert.True(Directory.Exists(beginning));
            Assert.Equal(OperatingSystem.IsWindows() ? UnixFileMode.None : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(one.Folder!));

            // Another one leaves it alone while it is in use.
            using var two = new SpillFile(_folder.Path, SpillDisk.Default);
            using var second = two.Write(1, write => write([9]));
            Span<byte> bytes = stackalloc byte[2];
            first.Read(bytes, 1);
            Assert.Equal([2, 3], bytes.ToArray());
        }

        Directory.Delete(unrelated);
        Directory.Delete(beginning, recursive: true);
    }

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("64KiB", 65_536L)]
    [InlineData(" 1.5 GB", 1_500_000_000L)]
    [InlineData("2mib", 2_097_152L)]
    [InlineData("10 B", 10L)]
    public void Amounts_of_memory_are_read_as_people_write_them(string text, long bytes) => Assert.Equal(bytes, MemorySize.Parse(text, "it"));

    [Theory]
    [InlineData("much")]
    [InlineData("-1GB")]
    [InlineData("0")]
    [InlineData("1e40GB")]
    public void What_is_no_amount_is_refused(string text) => Assert.Contains(text, Assert.Throws<ArgumentException>(() => MemorySize.Parse(text, "it")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_environment_is_heard_and_a_wrong_limit_is_an_error_that_names_it()
    {
        Assert.Null(ThreadsScheduler.FromEnvironment(_ => null).MemoryLimit);
        Assert.Equal(1 << 20, ThreadsScheduler.FromEnvironment(name => name == "ORLEANS_DASK_MEMORY_LIMIT" ? "1MiB" : null).MemoryLimit);
        var told = Assert.Throws<ArgumentException>(() => ThreadsScheduler.FromEnvironment(name => name == "ORLEANS_DASK_MEMORY_LIMIT" ? "much" : null));
        Assert.Contains("ORLEANS_DASK_MEMORY_LIMIT is 'much'", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_percentage_is_of_the_memory_there_is() => Assert.InRange(MemorySize.Parse("50%", "it"), 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    private static TaskKey Key(string name, int index) => new(name, index);

    private static KernelFunction Lending(string name, Func<object?[], object?> kernel) => new(name, kernel, lends: true);

    private static NDArray<double> Numbers(int seed)
    {
        NDArray<double> numbers = new([Elements]);
        for (var i = 0; i < Elements; i++)
        {
            numbers.Data[i] = ((i * 31L) + seed) % 1009;
        }

        return numbers;
    }

    private static double Sum(int values, int seed) => Enumerable.Range(0, values).Sum(i => 2 * Numbers(seed + i).ToArray().Sum());

    /// <summary>Values that are added up one by one, and then once more: all of them are needed until then.</summary>
    private static TaskGraph Kept(int values, int seed, Func<double, object?>? last = null, bool after = false)
    {
        var builder = new TaskGraphBuilder();
        var (make, first, second) = (Lending("make", x => Numbers((int)x[0]!)), Lending("first", x => (double)(x.Length > 1 ? x[1]! : 0.0) + ((NDArray<double>)x[0]!).ToArray().Sum()),
            Lending("second", x => (double)x[1]! + ((NDArray<double>)x[0]!).ToArray().Sum()));
        for (var i = 0; i < values; i++)
        {
            builder.Add(new CallNode(Key("value", i), make, [], [seed + i]));
            builder.Add(i == 0 ? new CallNode(Key("first", i), first, Key("value", i)) : new CallNode(Key("first", i), first, Key("value", i), Key("first", i - 1)));
            builder.Add(new CallNode(Key("second", i), second, Key("value", i), i == 0 ? Key("first", values - 1) : Key("second", i - 1)));
        }

        builder.Add(new CallNode(Key("all", 0), new KernelFunction("last", x => last is null ? x[0] : last((double)x[0]!)), Key("second", values - 1)));
        if (after)
        {
            builder.Add(new CallNode(Key("after", 0), new KernelFunction("after", x => x[0]), Key("all", 0)));
        }

        return builder.Build();
    }

    private ThreadsScheduler Limited(long limit, int threads = 2) => new(threads, limit, _folder.Path);

    public sealed record Named(string Name, int[] Numbers);

    private sealed record Open(ManualResetEventSlim Event, byte[] Bytes);
}

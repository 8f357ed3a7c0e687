namespace Orleans.Dask.ClientLib.Tests.Local;

public sealed class WorkDequeTests
{
    [Fact]
    public void The_owner_takes_the_newest_and_a_thief_the_oldest()
    {
        var deque = new WorkDeque();
        for (var i = 0; i < 1000; i++)
        {
            deque.Push(i);
        }

        Assert.True(deque.TryPop(out var newest));
        Assert.True(deque.TrySteal(out var oldest));

        Assert.Equal((999, 0), (newest, oldest));
    }

    [Fact]
    public void Whatever_owner_and_thieves_do_each_item_is_taken_once()
    {
        const int n = 300_000;
        var deque = new WorkDeque();
        var taken = new int[n];
        var done = false;
        var thieves = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref done) || !deque.IsEmpty)
            {
                if (deque.TrySteal(out var item))
                {
                    Interlocked.Increment(ref taken[item]);
                }
            }
        })).ToArray();
        Array.ForEach(thieves, thief => thief.Start());

        var random = new Random(5);
        for (var next = 0; next < n;)
        {
            for (var i = random.Next(1, 5); i > 0 && next < n; i--)
            {
                deque.Push(next++);
            }

            for (var i = random.Next(1, 5); i > 0 && deque.TryPop(out var item); i--)
            {
                Interlocked.Increment(ref taken[item]);
            }
        }

        while (deque.TryPop(out var item))
        {
            Interlocked.Increment(ref taken[item]);
        }

        Volatile.Write(ref done, true);
        Array.ForEach(thieves, thief => thief.Join());

        Assert.All(taken, count => Assert.Equal(1, count));
    }
}

namespace Orleans.Dask.Embedded.Tests;

/// <summary>What holds of membership whatever befalls silos and links, by many seeds.</summary>
public sealed class MembershipLawTests
{
    [Fact]
    public void When_all_is_well_again_everybody_holds_one_table_kept_by_one_of_them()
    {
        for (var seed = 1; seed <= 3000; seed++)
        {
            var world = new MembershipWorld(seed);
            var random = new Random(-seed);
            world.Found();
            for (var silos = random.Next(1, 6); silos > 1; silos--)
            {
                world.Join();
                world.Deliver(int.MaxValue);
            }

            for (var step = random.Next(5, 80); step > 0; step--)
            {
                switch (random.Next(12))
                {
                    case 0: world.Crash(); break;
                    case 1: world.Join(); break;
                    case 2: world.Leave(); break;
                    case 3: world.PauseOrResume(); break;
                    case 4: world.CutOrMend(); break;
                    case 5 when random.Next(4) == 0: world.Split(); break;
                    case 6 or 7 or 8: world.Round(); break;
                    default: world.Deliver(random.Next(1, 10)); break;
                }
            }

            if (world.IsActive)
            {
                world.Heal();
                Check(world, seed);
            }
        }
    }

    private static void Check(MembershipWorld world, int seed)
    {
        var story = $"seed {seed}\n{string.Join('\n', world.Silos)}";
        var running = world.Running.ToArray();
        Assert.True(running.Length > 0, $"nobody survived: {story}");
        var table = running[0].Protocol.Table;
        Assert.True(running.All(s => ReferenceEquals(s.Protocol.Table, table)), $"there is more than one table: {story}");
        Assert.True(running.Count(s => s.Address.Equals(table.Keeper)) == 1, $"nobody keeps the table: {story}");
        Assert.True(running.All(s => table.StatusOf(s.Address) == SiloStatus.Active), $"one that lives is not in the table: {story}");
        Assert.True(world.Silos.Except(running).All(s => !table.HasLiving(s.Address)), $"one that is dead is in the table: {story}");
    }
}

using Orleans.Dask.Silo.Hosting;

namespace Orleans.Dask.Silo.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1025)]
    public void A_silo_without_slots_or_with_too_many_is_refused_by_name_value_and_bound(int slots)
    {
        var error = Assert.Throws<ArgumentException>(() => new DaskSiloOptions { Slots = slots }.Checked());
        Assert.Equal($"DaskSiloOptions.Slots is {slots}, expected 1 to 1024.", error.Message);
    }

    [Fact]
    public void Without_a_memory_limit_a_silo_takes_what_the_runtime_may_use()
    {
        Assert.InRange(new DaskSiloOptions().Checked().MemoryLimit, 1, long.MaxValue);
        Assert.Equal(1234, new DaskSiloOptions { MemoryLimit = 1234 }.Checked().MemoryLimit);
    }

    [Fact]
    public void A_cluster_without_silos_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new LocalClusterOptions { Silos = 0 }.Checked());
        Assert.Equal("LocalClusterOptions.Silos is 0, expected at least 1.", error.Message);
    }

    [Fact]
    public void Every_local_cluster_has_a_name_and_a_secret_of_its_own()
    {
        var (one, two) = (new LocalClusterOptions().Checked().Client, new LocalClusterOptions().Checked().Client);
        Assert.NotEqual(one.Secret, two.Secret);
        Assert.NotEqual(one.ClusterId, two.ClusterId);
        Assert.Equal(64, one.Secret!.Length);
    }

    [Theory]
    [InlineData("somewhere")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    public void A_primary_is_an_address_and_a_port(string primary)
    {
        var error = Assert.Throws<ArgumentException>(() => new SiloSettings { Primary = primary }.PrimaryEndpoint);
        Assert.Equal($"The primary silo is '{primary}', expected an address and a port such as 127.0.0.1:11111.", error.Message);
    }

    [Fact]
    public void Localhost_is_loopback() =>
        Assert.Equal("127.0.0.1:11111", new SiloSettings { Primary = "localhost:11111" }.PrimaryEndpoint!.ToString());
}

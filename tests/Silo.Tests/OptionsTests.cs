using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
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

    /// <summary>In the user's own host as well, which stops waiting after 30 s unless told otherwise.</summary>
    [Theory]
    [InlineData(30, 20, 50)]
    [InlineData(30, 300, 330)]
    [InlineData(3600, 300, 3600)]
    [InlineData(-0.001, 300, -0.001)]
    public void A_host_gives_a_silo_the_time_it_takes_to_leave_and_more_if_it_was_told_to(double shutdownSeconds, double leaveSeconds, double expectedSeconds)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.AddDask(new DaskSiloOptions { LeaveTimeout = TimeSpan.FromSeconds(leaveSeconds) }));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(shutdownSeconds));
        using var host = builder.Build();
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
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

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Embedded;

/// <summary>Silos and clients without a host: for tests, simulations and programs that host themselves.</summary>
internal static class ByHand
{
    public static EmbeddedSilo Silo(Action<ISiloBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(new SiloBuilder(services, new ConfigurationManager()));
        return services.AddSilo().BuildServiceProvider().GetRequiredService<EmbeddedSilo>();
    }

    public static EmbeddedClient Client(Action<IClientBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(new ClientBuilder(services, new ConfigurationManager()));
        return services.AddClient().BuildServiceProvider().GetRequiredService<EmbeddedClient>();
    }
}

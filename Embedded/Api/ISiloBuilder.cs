namespace Orleans.Hosting;

/// <summary>Configures a silo: its services, options, placement, storage and streams.</summary>
public interface ISiloBuilder
{
    Microsoft.Extensions.DependencyInjection.IServiceCollection Services { get; }

    Microsoft.Extensions.Configuration.IConfiguration Configuration { get; }
}

namespace Orleans.Hosting;

/// <summary>Configures a client.</summary>
public interface IClientBuilder
{
    Microsoft.Extensions.DependencyInjection.IServiceCollection Services { get; }

    Microsoft.Extensions.Configuration.IConfiguration Configuration { get; }
}

namespace Orleans.Runtime;

/// <summary>Names and addresses of this silo.</summary>
public interface ILocalSiloDetails
{
    string Name { get; }

    string ClusterId { get; }

    string DnsHostName { get; }

    SiloAddress SiloAddress { get; }

    /// <summary>Where clients connect; equal to <see cref="SiloAddress"/> when it has no gateway.</summary>
    SiloAddress GatewayAddress { get; }
}

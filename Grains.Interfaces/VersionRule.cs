namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Which versions of client and silo work together: below 1.0 those of the same major and minor number, since messages may still
/// change with any of them; from 1.0 on those of the same major number.
/// </summary>
internal static class VersionRule
{
    /// <summary>Version of this build, as clients and silos tell each other.</summary>
    public static string Current { get; } = typeof(VersionRule).Assembly.GetName().Version!.ToString(3);

    /// <exception cref="VersionException">They do not; the message names both and what to do.</exception>
    public static void Require(string? client, string silo)
    {
        if (!Version.TryParse(client, out var ofClient))
        {
            throw new VersionException($"The client says that its version is '{client}', the silos are {silo}. Expected three numbers, such as {silo}: use the ClientLib of this project in version {silo}.");
        }

        var ofSilo = Version.Parse(silo);
        if (ofClient.Major != ofSilo.Major || (ofClient.Major == 0 && ofClient.Minor != ofSilo.Minor))
        {
            var rule = ofClient.Major == 0 || ofSilo.Major == 0 ? "below 1.0 major and minor number must be the same" : "the major number must be the same";
            var older = ofClient < ofSilo ? $"update the client's packages to {silo}" : $"update the silos to {client}";
            throw new VersionException($"The client is version {client}, the silos are {silo}; {rule}. To go on, {older}, or connect to silos of the client's version.");
        }
    }
}

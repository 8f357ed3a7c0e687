namespace Orleans.Dask.Grains.Interfaces.Tests;

public class VersionRuleTests
{
    [Theory]
    [InlineData("0.1.0", "0.1.7")]
    [InlineData("1.0.0", "1.9.3")]
    [InlineData("2.3.1", "2.0.0")]
    public void Versions_that_understand_each_other_pass(string client, string silo) => VersionRule.Require(client, silo);

    [Theory]
    [InlineData("0.1.0", "0.2.0", "update the client's packages to 0.2.0")]
    [InlineData("0.3.0", "0.2.0", "update the silos to 0.3.0")]
    [InlineData("0.9.0", "1.0.0", "update the client's packages to 1.0.0")]
    [InlineData("2.0.0", "1.5.0", "update the silos to 2.0.0")]
    public void Others_are_told_what_to_update(string client, string silo, string way)
    {
        var error = Assert.Throws<VersionException>(() => VersionRule.Require(client, silo));
        Assert.Contains($"The client is version {client}, the silos are {silo}", error.Message, StringComparison.Ordinal);
        Assert.Contains(way, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday's")]
    public void What_is_no_version_is_refused(string? client) => Assert.Throws<VersionException>(() => VersionRule.Require(client, "0.1.0"));
}

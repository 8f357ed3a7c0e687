using System.CommandLine;
using Orleans.Dask.Silo.Commands;

namespace Orleans.Dask.Silo.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("start")]
    [InlineData("start --slots 2 --primary 127.0.0.1:11111 --silo-port 0 --gateway-port 0")]
    [InlineData("start --cluster-id mine --memory-limit 1000000 --cluster-secret-file /tmp/secret")]
    [InlineData("start --storage-folder /var/lib/dask")]
    [InlineData("start --postgres-file /run/secrets/postgres")]
    [InlineData("child")]
    public void What_is_documented_is_understood(string line) => Assert.Empty(SiloCommands.Root().Parse(line).Errors);

    [Theory]
    [InlineData("start --slots many")]
    [InlineData("start --port 1")]
    [InlineData("launch")]
    public void What_is_not_is_an_error(string line) => Assert.NotEmpty(SiloCommands.Root().Parse(line).Errors);

    [Fact]
    public async Task Help_shows_commands_for_people_only()
    {
        var output = new StringWriter();
        Assert.Equal(0, await SiloCommands.Root().Parse("--help").InvokeAsync(new InvocationConfiguration { Output = output }));
        Assert.Contains("start", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("child", output.ToString(), StringComparison.Ordinal);
    }
}

using System.CommandLine;

namespace Orleans.Dask.Silo.Commands;

/// <summary>All commands of the silo's program.</summary>
internal static class SiloCommands
{
    public static RootCommand Root() =>
        new("Dask for .NET: silos that run your arrays, frames, futures and streams.")
        {
            StartCommand.Build(),
            ChildCommand.Build(),
            Demo.DemoCommand.Build(),
        };
}

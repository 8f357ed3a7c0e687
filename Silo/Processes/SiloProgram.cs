namespace Orleans.Dask.Silo.Processes;

/// <summary>How this machine starts another silo: the same .NET, and the silo's program beside the assembly that runs now.</summary>
internal static class SiloProgram
{
    /// <summary>The <c>dotnet</c> of this process, or the one on the path.</summary>
    public static string Host { get; } = FindHost();

    /// <summary>What follows it.</summary>
    public static List<string> Arguments { get; } = FindArguments();

    private static string FindHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } running && Path.GetFileName(running) == name)
        {
            return running;
        }

        // Started through an apphost: .NET's own folder tells where its dotnet is (shared/Microsoft.NETCore.App/x.y.z below it).
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var beside = runtime is null ? null : Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", name));
        return beside is not null && File.Exists(beside) ? beside : name;
    }

    // A program that references the silo has its dll, but not always what the silo would be started with; then the program's own
    // list of assemblies and frameworks holds all of the silo's too.
    private static List<string> FindArguments()
    {
        var silo = typeof(SiloProgram).Assembly.Location;
        if (silo.Length == 0)
        {
            throw new NotSupportedException(
                "Silo processes are started from Orleans.Dask.Silo.dll, but this program is a single file. "
                + "Publish without PublishSingleFile, or use LocalCluster.StartAsync(processes: false).");
        }

        var own = Path.ChangeExtension(silo, null);
        if (File.Exists(own + ".runtimeconfig.json") && File.Exists(own + ".deps.json"))
        {
            return [silo];
        }

        var program = Path.ChangeExtension(System.Reflection.Assembly.GetEntryAssembly()!.Location, null);
        return ["exec", "--runtimeconfig", program + ".runtimeconfig.json", "--depsfile", program + ".deps.json", silo];
    }
}

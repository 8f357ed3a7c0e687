using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orleans.Dask.TestKit;

/// <summary>
/// Debian's PostgreSQL on loopback, with a database of its own in a temporary folder. It can be killed and started again; it ends with this
/// object, or when this process does (a shell holds it, whose input closes then), and leaves nothing.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // Its input ends when we do. The one that waits for that keeps nothing else open, so that the log ends with the server.
    private const string Holder = """
        exec 3<&0
        "$@" & server=$!
        echo $server
        (read word <&3; kill -INT $server) >/dev/null 2>&1 & guard=$!
        exec 3<&-
        wait $server; code=$?
        kill $guard 2>/dev/null
        exit $code
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly int _port;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private Process? _shell;

    private PostgresServer(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>Of its superuser. Timeouts are left to the store.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database=postgres;Username=tester;Password={_password}");

    public string Password => _password;

    public int Port => _port;

    public int ProcessId { get; private set; }

    public static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-dask-postgres-").FullName;
        var server = new PostgresServer(folder, FreePort());
        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, server._password);
        await RunAsync("chown", "-R", User, folder);
        await RunAsync(
            "setpriv", [.. AsUser, Program("initdb"), "-D", server.Data, "-U", "tester", "--auth=scram-sha-256", $"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C"]);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>After <see cref="KillAsync"/>: the same data, the same port.</summary>
    public async Task StartAgainAsync()
    {
        // What a crash leaves in memory of the kernel belongs to its last process: the server refuses to start until that is gone.
        using var limit = new CancellationTokenSource(s_limit);
        do
        {
            var start = new ProcessStartInfo("sh", ["-c", Holder, "sh", .. As])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var argument in (string[])[
                Program("postgres"), "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=", "-c", "shared_buffers=8MB", "-c", "max_connections=60"])
            {
                start.ArgumentList.Add(argument);
            }

            _shell = Process.Start(start)!;
            ProcessId = int.Parse((await _shell.StandardOutput.ReadLineAsync(limit.Token))!, CultureInfo.InvariantCulture);
        }
        while (!await IsReadyAsync(_shell, limit.Token));
    }

    /// <summary>Ends it as a crash would, with all the processes that serve its connections.</summary>
    public async Task KillAsync()
    {
        Signal(ProcessId, 9);
        await EndShellAsync();
    }

    /// <summary>It keeps its connections and answers none.</summary>
    public void Freeze() => SignalAll(19);

    public void Thaw() => SignalAll(18);

    public async ValueTask DisposeAsync()
    {
        await EndShellAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    // The server refuses to run as root, which tests often do.
    private static string User => Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName;

    private static string[] AsUser => Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : ["--"];

    private static string[] As => ["setpriv", .. AsUser];

    private static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", name)).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault() is { } path
            ? path
            : throw new InvalidOperationException($"PostgreSQL's {name} is not under /usr/lib/postgresql. On Debian: apt-get install postgresql (test.sh does so as root).");

    private static async Task<bool> IsReadyAsync(Process shell, CancellationToken limit)
    {
        var log = new List<string>();
        while (await shell.StandardError.ReadLineAsync(limit) is { } line)
        {
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                // It goes on to write its log: a full pipe would stop it.
                _ = shell.StandardError.ReadToEndAsync(CancellationToken.None);
                return true;
            }

            log.Add(line);
        }

        await shell.WaitForExitAsync(limit);
        shell.Dispose();
        return log.Exists(line => line.Contains("shared memory block", StringComparison.Ordinal) || line.Contains("lock file", StringComparison.Ordinal))
            ? false
            : throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', log)}");
    }

    private async Task EndShellAsync()
    {
        if (_shell is { } shell)
        {
            shell.StandardInput.Close();
            using var limit = new CancellationTokenSource(s_limit);
            await shell.WaitForExitAsync(limit.Token);
            shell.Dispose();
            _shell = null;
        }
    }

    private void SignalAll(int signal)
    {
        foreach (var child in ProcessTable.Children(ProcessId))
        {
            Signal(child, signal);
        }

        Signal(ProcessId, signal);
    }

    private static void Signal(int process, int signal)
    {
        if (NativeSignals.Kill(process, signal) != 0)
        {
            throw new InvalidOperationException($"Process {process} cannot be sent signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{await errors}");
        }
    }
}

using System.Security.Cryptography;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// The secret by which nodes of one cluster know each other. Without settings: the variable ORLEANS_CLUSTER_SECRET (hex), else the
/// file that ORLEANS_CLUSTER_SECRET_FILE names, else a file of this user for the cluster id, made with the first silo.
/// </summary>
public sealed class ClusterSecretOptions
{
    public const string Variable = "ORLEANS_CLUSTER_SECRET";
    public const string FileVariable = "ORLEANS_CLUSTER_SECRET_FILE";
    private const int Length = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Bytes that all nodes share, at least 16.</summary>
    public ReadOnlyMemory<byte> Secret { get; set; }

    /// <summary>A file with the secret in hex, readable by its owner alone.</summary>
    public string? File { get; set; }

    internal ReadOnlyMemory<byte> Read(string clusterId, IRandomness randomness)
    {
        if (!Secret.IsEmpty)
        {
            return Checked(Secret.ToArray(), "ClusterSecretOptions.Secret");
        }

        if (File is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
        {
            return Checked(FromHex(text, Variable), Variable);
        }

        var named = File ?? Environment.GetEnvironmentVariable(FileVariable);
        return named is { Length: > 0 } ? ReadFile(named) : ReadOrMakeFile(DefaultFile(clusterId), randomness);
    }

    private static string DefaultFile(string clusterId)
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(clusterId)).AsSpan(0, 8));
        return Path.Combine(folder.Length > 0 ? folder : Path.GetTempPath(), "orleans-embedded", Environment.UserName, name + ".secret");
    }

    private static byte[] ReadOrMakeFile(string path, IRandomness randomness)
    {
        if (!System.IO.File.Exists(path))
        {
            var folder = Path.GetDirectoryName(path)!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            Span<byte> secret = stackalloc byte[Length];
            randomness.FillSecret(secret);
            var mine = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            using (var file = new FileStream(mine, NewFile()))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
            }

            // Two silos that start at once: the first one's file stays.
            try
            {
                System.IO.File.Move(mine, path, overwrite: false);
            }
            catch (IOException) when (System.IO.File.Exists(path))
            {
                System.IO.File.Delete(mine);
            }
        }

        return ReadFile(path);
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    private static byte[] ReadFile(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            throw new OrleansConfigurationException($"The cluster secret file {path} does not exist. Make it with 64 hex digits and mode 0600, the same for all silos and clients.");
        }

        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & ~OwnerOnly) is not 0 and var open)
        {
            throw new OrleansConfigurationException($"The cluster secret file {path} is open to others ({open}). Run: chmod 600 {path}");
        }

        return Checked(FromHex(System.IO.File.ReadAllText(path).Trim(), path), path);
    }

    private static byte[] FromHex(string text, string where)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new OrleansConfigurationException($"{where} does not hold a cluster secret. Expected {2 * Length} hex digits.");
        }
    }

    private static byte[] Checked(byte[] secret, string where) => secret.Length >= 16
        ? secret
        : throw new OrleansConfigurationException($"The cluster secret in {where} has {secret.Length} bytes, expected at least 16. Take {Length} random ones.");
}

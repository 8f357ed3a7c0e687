using System.Security.Cryptography;
using System.Text;

namespace Orleans.Dask.Frames;

/// <summary>Names of layers: what it does, and a hash of its content. The same recipe has the same name, in any process.</summary>
internal static class FrameToken
{
    public static string Name(string operation, string content) => $"{operation}-{Of(content)}";

    public static string Of(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 12));
}

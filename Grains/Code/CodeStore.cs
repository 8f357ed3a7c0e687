using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>
/// Assemblies that clients brought to this silo, by hash, one copy for all sessions that use it. Never the only place: the
/// client has the files, and brings them again when this silo is gone.
/// </summary>
public sealed class CodeStore(CodeOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, Session> _sessions = [];

    /// <summary>Adds to what the session says its code is.</summary>
    /// <returns>Those whose bytes are not here and that aren't deployed.</returns>
    public AssemblyIdentity[] Tell(SessionId session, IEnumerable<AssemblyIdentity> assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        var missing = new List<AssemblyIdentity>();
        lock (_lock)
        {
            var known = Of(session);
            foreach (var assembly in assemblies)
            {
                known.Told.Add(assembly);
                if (_files.ContainsKey(assembly.Sha256))
                {
                    known.Files.Add(assembly.Sha256);
                }
                else
                {
                    missing.Add(assembly);
                }
            }
        }

        missing.RemoveAll(assembly => options.Deployed.Resolve(assembly) is not null);
        return [.. missing];
    }

    /// <summary>What the session said its code is.</summary>
    public AssemblyIdentity[] Told(SessionId session)
    {
        lock (_lock)
        {
            return _sessions.TryGetValue(session, out var known) ? [.. known.Told] : [];
        }
    }

    /// <summary>Takes a piece of a file.</summary>
    /// <returns>Bytes here now; 0 when the piece does not follow what is here.</returns>
    /// <exception cref="CodeException">Too large, or not what its hash says.</exception>
    public long Write(SessionId session, string sha256, long offset, long total, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        ArgumentNullException.ThrowIfNull(bytes);
        if (!options.AllowClientCode)
        {
            throw new CodeException(FunctionPolicy.NoClientCode);
        }

        lock (_lock)
        {
            var known = Of(session);
            if (_files.TryGetValue(sha256, out var whole))
            {
                known.Files.Add(sha256);
                return whole.Length;
            }

            if (!known.Arriving.TryGetValue(sha256, out var arriving))
            {
                var used = known.Files.Sum(file => (long)_files[file].Length) + known.Arriving.Values.Sum(a => (long)a.Bytes.Length);
                if (total <= 0 || offset < 0 || total > options.BytesPerSession - used)
                {
                    throw new CodeException($"An assembly of {total:N0} bytes does not fit: this session has brought {used:N0} bytes of code, and a silo takes "
                        + $"{options.BytesPerSession:N0} (CodeOptions.BytesPerSession). Deploy large assemblies beside the silos.");
                }

                if (offset > 0)
                {
                    return 0;
                }

                known.Arriving.Add(sha256, arriving = new Arriving((int)total));
            }

            if (offset > arriving.Count || total != arriving.Bytes.Length || offset + bytes.Length > total)
            {
                return arriving.Count;
            }

            if (offset == arriving.Count)
            {
                arriving.Append(bytes);
            }

            if (arriving.Count == total)
            {
                known.Arriving.Remove(sha256);
                if (!string.Equals(arriving.Hash(), sha256, StringComparison.Ordinal))
                {
                    throw new CodeException($"The bytes that arrived are not those of the assembly with SHA-256 {sha256}. Was the file rebuilt while it was sent? Start the program again.");
                }

                _files.Add(sha256, arriving.Bytes);
                known.Files.Add(sha256);
            }

            return arriving.Count;
        }
    }

    /// <summary>Keeps a whole file that was fetched from another silo; its hash has been checked.</summary>
    public void Keep(SessionId session, string sha256, byte[] bytes)
    {
        lock (_lock)
        {
            _files.TryAdd(sha256, bytes);
            Of(session).Files.Add(sha256);
        }
    }

    /// <summary>The bytes of an assembly's file, if they are here.</summary>
    public bool TryGet(string sha256, [NotNullWhen(true)] out byte[]? bytes)
    {
        lock (_lock)
        {
            return _files.TryGetValue(sha256, out bytes);
        }
    }

    /// <summary>A piece of a file; null when the file is not here, or the offset lies beyond it.</summary>
    public CodePiece? Read(string sha256, long offset)
    {
        if (!TryGet(sha256, out var bytes) || offset < 0 || offset >= bytes.Length)
        {
            return null;
        }

        var end = (int)Math.Min(bytes.Length, offset + ICodeGrain.PieceBytes);
        return new CodePiece(bytes.Length, bytes[(int)offset..end]);
    }

    /// <summary>Forgets a session, and every file that no other session uses.</summary>
    public void End(SessionId session)
    {
        lock (_lock)
        {
            if (_sessions.Remove(session, out var ended))
            {
                foreach (var file in ended.Files.Where(file => !_sessions.Values.Any(other => other.Files.Contains(file))))
                {
                    _files.Remove(file);
                }
            }
        }
    }

    private Session Of(SessionId session)
    {
        if (!_sessions.TryGetValue(session, out var known))
        {
            _sessions.Add(session, known = new Session());
        }

        return known;
    }

    private sealed class Session
    {
        public HashSet<AssemblyIdentity> Told { get; } = [];

        public HashSet<string> Files { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Arriving> Arriving { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>A file that is not whole yet. Hashed as it comes, so that no turn has to hash all of it.</summary>
    private sealed class Arriving(int total)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public byte[] Bytes { get; } = new byte[total];

        public int Count { get; private set; }

        public void Append(byte[] piece)
        {
            piece.CopyTo(Bytes, Count);
            _hash.AppendData(piece);
            Count += piece.Length;
        }

        public string Hash()
        {
            using (_hash)
            {
                return Convert.ToHexStringLower(_hash.GetHashAndReset());
            }
        }
    }
}

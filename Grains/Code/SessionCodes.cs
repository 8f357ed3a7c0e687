using System.Collections.Concurrent;
using System.Security.Cryptography;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>
/// All sessions' code on this silo. Before a payload is decoded, <see cref="PrepareAsync(SessionId, IReadOnlyList{AssemblyIdentity}, CancellationToken)"/>
/// fetches what it needs; decoding itself never waits.
/// </summary>
/// <param name="store">This silo's files.</param>
/// <param name="options">Whether clients may bring code.</param>
/// <param name="codeOf">The grain that has a session's code.</param>
/// <param name="time">For the deadlines of calls to it.</param>
public sealed class SessionCodes(CodeStore store, CodeOptions options, Func<SessionId, ICodeGrain> codeOf, TimeProvider time)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<SessionId, Entry> _sessions = new();

    /// <summary>The code of a session as far as it is here.</summary>
    public SessionCode Of(SessionId session) => Get(session).Code;

    /// <summary>Makes sure that a payload can be decoded: at once when its code is here, else after fetching it with all it refers to.</summary>
    /// <returns>What to decode it with.</returns>
    /// <exception cref="CodeException">Not to be had; <see cref="CodeException.Missing"/> tells what the client must bring again.</exception>
    /// <exception cref="TimeoutException">The silo that has the code did not answer within 10 s.</exception>
    public ValueTask<PayloadDecoding> PrepareAsync(SessionId session, Payload payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return payload.HasValue ? new(Of(session).Decoding) : PrepareAsync(session, payload.Assemblies, cancellationToken);
    }

    /// <inheritdoc cref="PrepareAsync(SessionId, Payload, CancellationToken)"/>
    public ValueTask<PayloadDecoding> PrepareAsync(SessionId session, IReadOnlyList<AssemblyIdentity> assemblies, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        var entry = Get(session);
        for (var i = 0; i < assemblies.Count; i++)
        {
            if (!entry.Code.Has(assemblies[i]))
            {
                return new(FetchAsync(entry, assemblies, cancellationToken));
            }
        }

        return new(entry.Code.Decoding);
    }

    /// <summary>The session is over: its code is unloaded and its files are forgotten.</summary>
    public void End(SessionId session)
    {
        if (_sessions.TryRemove(session, out var entry))
        {
            entry.Code.End();
        }

        store.End(session);
    }

    private Entry Get(SessionId session) => _sessions.GetOrAdd(session, static (id, options) => new Entry(new SessionCode(id, options)), options);

    private async Task<PayloadDecoding> FetchAsync(Entry entry, IReadOnlyList<AssemblyIdentity> assemblies, CancellationToken cancellationToken)
    {
        if (!options.AllowClientCode)
        {
            throw new CodeException($"The value needs {string.Join(", ", assemblies.Where(a => !entry.Code.Has(a)))}. {FunctionPolicy.NoClientCode}");
        }

        // One fetch a session at a time: the others then find what they need.
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            var code = entry.Code;
            var grain = codeOf(code.Session);
            var told = await grain.ListAsync().WaitAsync(s_deadline, time, cancellationToken);
            var byName = told.ToLookup(id => id.Name, StringComparer.OrdinalIgnoreCase);
            var forgotten = assemblies.Where(id => !code.Has(id) && !told.Contains(id)).ToArray();
            if (forgotten.Length > 0)
            {
                throw Missing(forgotten);
            }

            var queue = new Queue<AssemblyIdentity>(assemblies.Where(id => !code.Has(id)));
            var visited = new HashSet<AssemblyIdentity>(queue);
            var fetched = new List<(AssemblyIdentity, byte[])>();
            while (queue.TryDequeue(out var id))
            {
                var bytes = await BytesAsync(grain, code.Session, id, cancellationToken);
                fetched.Add((id, bytes));
                foreach (var reference in References.Of(id, bytes).SelectMany(name => byName[name]))
                {
                    if (!code.Has(reference) && visited.Add(reference))
                    {
                        queue.Enqueue(reference);
                    }
                }
            }

            // All together at the end: who sees an assembly sees what it refers to.
            foreach (var (id, bytes) in Enumerable.Reverse(fetched))
            {
                code.Add(id, bytes);
            }

            return code.Decoding;
        }
        finally
        {
            if (!Planted.FailedFetchesKeepTheirTurn || assemblies.All(entry.Code.Has))
            {
                entry.Turn.Release();
            }
        }
    }

    private async Task<byte[]> BytesAsync(ICodeGrain grain, SessionId session, AssemblyIdentity id, CancellationToken cancellationToken)
    {
        if (store.TryGet(id.Sha256, out var here))
        {
            return here;
        }

        byte[]? bytes = null;
        for (var offset = 0L; bytes is null || offset < bytes.Length;)
        {
            var piece = await grain.ReadAsync(id.Sha256, offset).WaitAsync(s_deadline, time, cancellationToken);
            if (piece is null || piece.Bytes.Length == 0 || piece.Total > options.BytesPerSession || (bytes is not null && bytes.Length != piece.Total)
                || offset + piece.Bytes.Length > piece.Total)
            {
                throw Missing([id]);
            }

            bytes ??= new byte[piece.Total];
            piece.Bytes.CopyTo(bytes, offset);
            offset += piece.Bytes.Length;
        }

        // The other silo may be damaged, or not be what it claims.
        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), id.Sha256, StringComparison.Ordinal))
        {
            throw Missing([id]);
        }

        store.Keep(session, id.Sha256, bytes);
        return bytes;
    }

    private static CodeException Missing(AssemblyIdentity[] missing) =>
        new($"Code of the session is not in the cluster: {string.Join<AssemblyIdentity>(", ", missing)}. The client has to bring it again.", missing);

    private sealed class Entry(SessionCode code)
    {
        public SessionCode Code { get; } = code;

        public SemaphoreSlim Turn { get; } = new(1);
    }
}

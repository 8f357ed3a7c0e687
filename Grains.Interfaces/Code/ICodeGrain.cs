using Orleans.Concurrency;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// The code of one session, key = session: the client brings assemblies, silos fetch them. The bytes lie in the code store of
/// the silo where the grain happens to be; when they are gone, silos say so and the client brings them again.
/// </summary>
[Alias("dask.ICodeGrain")]
public interface ICodeGrain : IGrainWithStringKey
{
    /// <summary>Most bytes one call carries.</summary>
    public const int PieceBytes = 1 << 20;

    /// <summary>
    /// Tells the session's code, and asks which of it must be brought. Name an assembly always together with all that it refers
    /// to, so that who knows one knows what it needs.
    /// </summary>
    /// <param name="assemblies">Builds that payloads need, with their references.</param>
    /// <returns>Those neither deployed at the silo nor already there.</returns>
    [Alias("Missing"), AlwaysInterleave]
    Task<AssemblyIdentity[]> MissingAsync(AssemblyIdentity[] assemblies);

    /// <summary>A piece of an assembly's file. Pieces come in order; one that was there before is no error.</summary>
    /// <param name="sha256">As <see cref="AssemblyIdentity.Sha256"/>; the finished file is held against it.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="total">Length of the whole file.</param>
    /// <param name="bytes">At most <see cref="PieceBytes"/>.</param>
    /// <returns>How many bytes are there now: the offset of the next piece. 0: begin again, the silo lost what it had.</returns>
    /// <exception cref="CodeException">Larger than the silo allows, or not the bytes of that hash.</exception>
    [Alias("Write"), AlwaysInterleave]
    Task<long> WriteAsync(string sha256, long offset, long total, byte[] bytes);

    /// <summary>All that the client told in <see cref="MissingAsync"/>, as far as it is remembered.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<AssemblyIdentity[]> ListAsync();

    /// <summary>A piece of an assembly's file, at most <see cref="PieceBytes"/>.</summary>
    /// <returns>Null: not there (any more).</returns>
    [Alias("Read"), AlwaysInterleave]
    Task<CodePiece?> ReadAsync(string sha256, long offset);

    /// <summary>The session is over: forget its code.</summary>
    [Alias("End"), AlwaysInterleave]
    Task EndAsync();
}

/// <summary>Part of an assembly's file.</summary>
/// <param name="Total">Length of the whole file.</param>
/// <param name="Bytes">From the offset asked for.</param>
[GenerateSerializer, Immutable, Alias("dask.CodePiece")]
public sealed record CodePiece([property: Id(0)] long Total, [property: Id(1)] byte[] Bytes);

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Embedded;

// "OrlState"  format  SHA-256 of the rest  |  version: count, tag  |  hash of the name  |  length, name for people  |  state
//     8          1            32                   8      8              32                 4      n                  to the end

/// <summary>One record as a file: whether it is whole, of which version, and whose, it says itself.</summary>
internal static class StateFile
{
    private const byte Format = 1;
    private const int ChecksumAt = 9;
    private const int ContentAt = ChecksumAt + SHA256.HashSizeInBytes;
    private const int HashAt = ContentAt + (2 * sizeof(long));
    private const int LengthAt = HashAt + SHA256.HashSizeInBytes;
    private const int NameAt = LengthAt + sizeof(int);

    private static ReadOnlySpan<byte> Magic => "OrlState"u8;

    public static byte[] Encode(RecordName name, RecordVersion version, byte[] state)
    {
        var text = Encoding.UTF8.GetBytes(name.ToString());
        var file = new byte[NameAt + text.Length + state.Length];
        Magic.CopyTo(file);
        file[Magic.Length] = Format;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(ContentAt), version.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ContentAt + sizeof(long)), version.Tag);
        name.Hash().CopyTo(file, HashAt);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(LengthAt), text.Length);
        text.CopyTo(file, NameAt);
        state.CopyTo(file, NameAt + text.Length);
        SHA256.HashData(file.AsSpan(ContentAt), file.AsSpan(ChecksumAt));
        return file;
    }

    /// <exception cref="InvalidDataException">Torn, changed, foreign, of another format or of another record. The message names path, record and the way out.</exception>
    public static StoredRecord Decode(byte[] file, RecordName name, string path)
    {
        if (file.Length > Magic.Length && file.AsSpan(0, Magic.Length).SequenceEqual(Magic) && file[Magic.Length] != Format)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}, the record {name}, has the format {file[Magic.Length]}, expected {Format}. Start the version of the program that wrote it, or delete the file to begin anew."));
        }

        if (file.Length < NameAt || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !SHA256.HashData(file.AsSpan(ContentAt)).AsSpan().SequenceEqual(file.AsSpan(ChecksumAt, SHA256.HashSizeInBytes)))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}, the record {name}, is torn or was changed: its checksum is wrong ({file.Length} bytes). Restore it from a backup, or delete it to begin anew."));
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(LengthAt));
        if (!file.AsSpan(HashAt, SHA256.HashSizeInBytes).SequenceEqual(name.Hash()))
        {
            throw new InvalidDataException($"{path} holds the record {Encoding.UTF8.GetString(file, NameAt, length)}, expected {name}. Was it renamed?");
        }

        var version = new RecordVersion(
            BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(ContentAt)),
            BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(ContentAt + sizeof(long))));
        return new StoredRecord(file[(NameAt + length)..], version.ToString());
    }
}

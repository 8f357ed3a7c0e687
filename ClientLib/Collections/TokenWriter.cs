using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Dask;

/// <summary>Writes values to a hash, each with its type and length, so that no two contents run into the same bytes.</summary>
internal sealed class TokenWriter
{
    private readonly byte[] _buffer = new byte[512];
    private readonly Dictionary<object, int> _open;
    private IncrementalHash? _hash;
    private int _used;

    public TokenWriter()
        : this(new Dictionary<object, int>(ReferenceEqualityComparer.Instance))
    {
    }

    // Objects that are being written: meeting one again is a cycle, written as how far back it began.
    private TokenWriter(Dictionary<object, int> open) => _open = open;

    /// <summary>32 bytes; the writer is spent.</summary>
    public byte[] Finish()
    {
        if (_hash is null)
        {
            return SHA256.HashData(_buffer.AsSpan(0, _used));
        }

        using (_hash)
        {
            _hash.AppendData(_buffer, 0, _used);
            return _hash.GetHashAndReset();
        }
    }

    /// <returns>False for what has no content of its own, or contains such.</returns>
    public bool TryWrite(object? value)
    {
        switch (value)
        {
            case null:
                return Tag("null");
            case string text:
                return Tag("text") && Text(text);
            case ITokenized named:
                return Tag("named") && Text(named.Token);
            case Type type:
                return Tag("type") && Text(NameOf(type));
            case MethodInfo method:
                return Tag("method") && Method(method);
            case BigInteger or Version or Uri:
                return Tag(NameOf(value.GetType())) && Text(value.ToString()!);
            case Delegate function:
                return Function(function);
            case Array array when array.Length == 0 || IsPlain(array.GetType().GetElementType()!):
                return Plain(array);
            case Stream or Task or Thread or WaitHandle or SafeHandle or Pointer or MemberInfo or Assembly or Module or CancellationTokenSource or Random:
                return false;
        }

        var kind = value.GetType();
        if (IsPlain(kind))
        {
            return Tag(NameOf(kind)) && Bytes(Content(value));
        }

        if (kind == typeof(nint) || kind == typeof(nuint) || kind == typeof(CancellationToken) || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return false;
        }

        if (kind.IsValueType)
        {
            return Tag(NameOf(kind)) && Fields(value, kind);
        }

        if (!_open.TryAdd(value, _open.Count))
        {
            return Tag("cycle") && Number(_open.Count - _open[value]);
        }

        var done = Tag(NameOf(kind)) && value switch
        {
            _ when IsUnordered(kind) => Unordered((IEnumerable)value),
            Array array => Shape(array) && Items(array),
            IList list when kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(List<>) => Number(list.Count) && Items(list),
            _ => Fields(value, kind),
        };
        _open.Remove(value);
        return done;
    }

    private bool Function(Delegate function)
    {
        if (!Tag("delegate") || !Text(NameOf(function.GetType())))
        {
            return false;
        }

        foreach (var single in function.GetInvocationList())
        {
            if (!Method(single.Method) || !TryWrite(single.Target))
            {
                return false;
            }
        }

        return true;
    }

    // The module's version stands for its code: another build may do another thing under the same name.
    private bool Method(MethodInfo method)
    {
        if (method.Module.Assembly.IsDynamic)
        {
            return false;
        }

        Bytes(method.Module.ModuleVersionId.ToByteArray());
        Number(method.MetadataToken);
        Text(method.DeclaringType is { } type ? NameOf(type) : "");
        return Text(string.Join(',', method.GetGenericArguments().Select(NameOf)));
    }

    private bool Fields(object value, Type kind)
    {
        foreach (var field in TokenFields.Of(kind))
        {
            if (!TryWrite(field.GetValue(value)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Items(IEnumerable items)
    {
        foreach (var item in items)
        {
            if (!TryWrite(item))
            {
                return false;
            }
        }

        return true;
    }

    // Each item by its own hash, sorted.
    private bool Unordered(IEnumerable items)
    {
        var hashes = new List<byte[]>();
        foreach (var item in items)
        {
            var writer = new TokenWriter(_open);
            if (!writer.TryWrite(item))
            {
                return false;
            }

            hashes.Add(writer.Finish());
        }

        hashes.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        hashes.ForEach(hash => Bytes(hash));
        return true;
    }

    private bool Plain(Array array)
    {
        Tag(NameOf(array.GetType()));
        Shape(array);
        if (array.Length > 0)
        {
            var size = (long)array.Length * SizeOf(array.GetType().GetElementType()!);
            ref var first = ref MemoryMarshal.GetArrayDataReference(array);
            for (var at = 0L; at < size; at += 1 << 30)
            {
                Append(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref first, (nint)at), (int)Math.Min(size - at, 1 << 30)));
            }
        }

        return true;
    }

    private bool Shape(Array array)
    {
        Number(array.Rank);
        for (var axis = 0; axis < array.Rank; axis++)
        {
            Number(array.GetLength(axis));
        }

        return true;
    }

    private bool Tag(string name) => Text(name);

    private bool Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    private bool Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Append(bytes);
        return true;
    }

    private bool Number(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Append(bytes);
        return true;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _buffer.Length)
        {
            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.AppendData(_buffer, 0, _used);
            _used = 0;
            if (bytes.Length > _buffer.Length)
            {
                _hash.AppendData(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    /// <summary>Types whose bytes are their content: no padding, no references.</summary>
    private static bool IsPlain(Type type) =>
        type.IsPrimitive ? type != typeof(nint) && type != typeof(nuint)
        : type.IsEnum || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128) || type == typeof(Complex) || type == typeof(Guid);

    private static int SizeOf(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    private static ReadOnlySpan<byte> Content(object value)
    {
        var one = Array.CreateInstance(value.GetType(), 1);
        one.SetValue(value, 0);
        return MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(one), SizeOf(value.GetType()));
    }

    private static bool IsUnordered(Type kind) => kind.IsGenericType
        && (kind.GetGenericTypeDefinition() == typeof(Dictionary<,>) || kind.GetGenericTypeDefinition() == typeof(HashSet<>));

    // Without the assembly's version: a number is a number in the next runtime too.
    private static string NameOf(Type type) => TokenFields.NameOf(type);
}

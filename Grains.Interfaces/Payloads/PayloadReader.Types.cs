using System.Reflection;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <content>Types: only the framework's, and those of the assemblies in the table.</content>
public ref partial struct PayloadReader
{
    private const int DeepestType = 32;

    // Tuples of tuples of tuples soon need more room than a thread's stack has.
    private const int LargestTuple = 16 * 1024;

    internal Type ReadType()
    {
        var tag = ReadVarUInt();
        if (tag >= TypeTag.FirstWellKnown)
        {
            var place = tag - TypeTag.FirstWellKnown;
            if (place >= (ulong)WellKnownTypes.All.Length)
            {
                Fail($"found type number {place}, but only {WellKnownTypes.All.Length} types have numbers: damaged, or written by a newer version.");
            }

            return WellKnownTypes.All[(int)place];
        }

        if (tag == TypeTag.Again)
        {
            var place = ReadVarUInt();
            if (_types is null || place >= (ulong)_types.Count)
            {
                Fail($"found a reference to type {place} of this payload, but it has spelled out only {_types?.Count ?? 0}.");
            }

            return _types![(int)place];
        }

        if (++_typeDepth > DeepestType)
        {
            Fail($"found a type nested more than {DeepestType} deep.");
        }

        var type = tag switch
        {
            TypeTag.Named => ReadNamed(),
            TypeTag.Generic => ReadGeneric(),
            TypeTag.Array => ReadElementType().MakeArrayType(),
            TypeTag.ArrayOfRank => ReadArrayOfRank(),
            _ => throw new PayloadException($"found {tag} where a type begins."),
        };
        _typeDepth--;
        _types ??= [];
        _types.Add(type);
        if (_types.Count > Limits.Types)
        {
            Fail($"it names more than {Limits.Types:N0} types (PayloadLimits.Types).");
        }

        return type;
    }

    internal readonly void CheckPolicy(MethodInfo method)
    {
        if (_decoding.Policy?.Refuse(method) is { } reason)
        {
            Fail(reason);
        }
    }

    private Type ReadElementType()
    {
        var element = ReadType();
        if (element.IsByRefLike || element == typeof(void) || element.ContainsGenericParameters)
        {
            Fail($"found an array of {TypeText.Full(element)}, which can't be.");
        }

        return element;
    }

    private Type ReadArrayOfRank()
    {
        var rank = ReadByte();
        if (rank is 0 or > 32)
        {
            Fail($"found an array of rank {rank}; ranks go from 1 to 32.");
        }

        return ReadElementType().MakeArrayType(rank);
    }

    private Type ReadNamed()
    {
        var origin = ReadVarUInt();
        Assembly assembly;
        AssemblyIdentity? identity = null;
        if (origin == 0)
        {
            var simple = ReadString() ?? "";
            assembly = Framework.Find(simple) ?? House.Find(simple)
                ?? throw new PayloadException($"it names '{Shown(simple)}' as an assembly that every process has, but this one does not.");
        }
        else
        {
            _assemblies ??= PayloadHeader.ReadTable(_table);
            if (origin > (ulong)_assemblies.Length)
            {
                Fail($"found a reference to assembly {origin - 1}, but the payload lists {_assemblies.Length}.");
            }

            identity = _assemblies[(int)origin - 1];
            assembly = _decoding.Code.Resolve(identity)
                ?? throw new PayloadException($"it needs the assembly {identity}, which is not loaded here. Ship it first (the client does so when it submits), or deploy the same build.");
        }

        // Brackets and commas would make GetType parse a whole type expression, and load what it names.
        var name = ReadString();
        if (string.IsNullOrEmpty(name) || name.Length > 1024 || name.AsSpan().ContainsAny("[],*&") || assembly.GetType(name, throwOnError: false) is not { } type)
        {
            throw new PayloadException($"the assembly {identity?.ToString() ?? assembly.GetName().Name} has no type '{Shown(name ?? "")}'.");
        }

        if (identity is not null && _decoding.Policy?.Refuse(type) is { } reason)
        {
            Fail(reason);
        }

        return type;
    }

    private Type ReadGeneric()
    {
        var definition = ReadType();
        if (!definition.IsGenericTypeDefinition)
        {
            Fail($"found type arguments for {TypeText.Full(definition)}, which takes none.");
        }

        var arguments = new Type[definition.GetGenericArguments().Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = ReadType();
        }

        return Close(definition, arguments);
    }

    private static Type Close(Type definition, Type[] arguments)
    {
        try
        {
            var type = definition.MakeGenericType(arguments);
            return !type.IsValueType || type.ContainsGenericParameters || Blocks.SizeOf(type) <= LargestTuple
                ? type
                : throw new PayloadException($"found a {TypeText.Full(definition)} of {Blocks.SizeOf(type):N0} bytes; {LargestTuple:N0} are the most a generic value may take.");
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or TypeLoadException)
        {
            throw new PayloadException($"{TypeText.Full(definition)} can't take the type arguments {string.Join(", ", arguments.Select(TypeText.Full))}.", error);
        }
    }

    // What a stranger sent goes into messages shortened and without control characters.
    private static string Shown(string text) =>
        string.Concat((text.Length > 80 ? text[..80] + "…" : text).Select(c => char.IsControl(c) ? '?' : c));
}

using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <content>How types are spelled, and which assemblies they come from.</content>
public sealed partial class PayloadWriter
{
    // Beyond this many a dictionary finds a type faster than a look at each.
    private const int FewTypes = 8;

    private readonly List<Type> _types = [];
    private readonly List<AssemblyIdentity> _assemblies = [];
    private Dictionary<Type, int>? _typePlaces;

    internal void WriteType(Type type)
    {
        if (WellKnownTypes.TryGetPlace(type, out var place))
        {
            WriteVarUInt((uint)(TypeTag.FirstWellKnown + place));
            return;
        }

        var known = FindType(type);
        if (known >= 0)
        {
            WriteByte(TypeTag.Again);
            WriteVarUInt((uint)known);
            return;
        }

        if (type.IsSZArray)
        {
            WriteByte(TypeTag.Array);
            WriteType(type.GetElementType()!);
        }
        else if (type.IsArray)
        {
            WriteByte(TypeTag.ArrayOfRank);
            WriteByte((byte)type.GetArrayRank());
            WriteType(type.GetElementType()!);
        }
        else if (type.IsConstructedGenericType)
        {
            WriteByte(TypeTag.Generic);
            WriteType(type.GetGenericTypeDefinition());
            foreach (var argument in type.GetGenericArguments())
            {
                WriteType(argument);
            }
        }
        else
        {
            WriteNamed(type);
        }

        // After its parts, as the reader learns it after its parts.
        AddType(type);
    }

    private void WriteNamed(Type type)
    {
        if (type.IsPointer || type.IsByRef || type.IsFunctionPointer || type.IsGenericParameter || type.FullName is null)
        {
            throw new PayloadException($"the type {TypeText.Of(type)} can't travel: pointers, references and open type parameters mean nothing in another process.");
        }

        WriteByte(TypeTag.Named);
        if (LoadedCode.NameEverywhere(type.Assembly) is { } name)
        {
            WriteByte(0);
            WriteString(name);
        }
        else
        {
            WriteVarUInt((uint)AssemblyPlace(LoadedCode.IdentityOf(type.Assembly)) + 1);
        }

        WriteString(type.FullName);
    }

    private int AssemblyPlace(AssemblyIdentity identity)
    {
        var place = _assemblies.IndexOf(identity);
        if (place < 0)
        {
            place = _assemblies.Count;
            _assemblies.Add(identity);
        }

        return place;
    }

    private int FindType(Type type)
    {
        if (_typePlaces is { } places && _types.Count > FewTypes)
        {
            return places.TryGetValue(type, out var place) ? place : -1;
        }

        for (var i = 0; i < _types.Count; i++)
        {
            if (ReferenceEquals(_types[i], type))
            {
                return i;
            }
        }

        return -1;
    }

    private void AddType(Type type)
    {
        _types.Add(type);
        if (_types.Count > Limits.Types)
        {
            throw new PayloadException($"the value holds objects of more than {Limits.Types:N0} types.");
        }

        if (_types.Count > FewTypes)
        {
            _typePlaces ??= [];
            for (var i = _typePlaces.Count; i < _types.Count; i++)
            {
                _typePlaces.TryAdd(_types[i], i);
            }
        }
    }

    // At the end, because what a value needs is known when it is written; found from the back, so nobody reads the value for it.
    private void WriteAssemblies()
    {
        var start = _position;
        WriteVarUInt((uint)_assemblies.Count);
        foreach (var assembly in _assemblies)
        {
            WriteVarUInt((uint)System.Text.Encoding.UTF8.GetByteCount(assembly.Name));
            WriteBytes(System.Text.Encoding.UTF8.GetBytes(assembly.Name));
            WriteBytes(Convert.FromHexString(assembly.Sha256));
            WriteBytes(assembly.Mvid.ToByteArray());
        }

        var length = _position - start;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), length);
        _position += 4;
    }
}

using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <content>Objects: numbered as the writer numbered them.</content>
public ref partial struct PayloadReader
{
    /// <summary>The whole value: root, put-off bodies, and then nothing may be left.</summary>
    internal T ReadRoot<T>()
    {
        T root;
        if (typeof(T).IsValueType && Nullable.GetUnderlyingType(typeof(T)) is null)
        {
            var tag = ReadByte();
            if (tag != Tag.New)
            {
                Fail($"found {(tag == Tag.Null ? "null" : "no value")} where a {TypeText.Full(typeof(T))} is expected.");
            }

            var type = ReadType();
            if (type != typeof(T))
            {
                Fail($"found a {TypeText.Full(type)} where a {TypeText.Full(typeof(T))} is expected.");
            }

            root = Slot<T>.Read(ref this);
        }
        else
        {
            root = (T)ReadReference(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), null)!;
        }

        End();
        return root;
    }

    internal object? ReadRoot(Type expected)
    {
        var root = ReadReference(Nullable.GetUnderlyingType(expected) ?? expected, null);
        if (root is null && expected.IsValueType && Nullable.GetUnderlyingType(expected) is null)
        {
            Fail($"found null where a {TypeText.Full(expected)} is expected.");
        }

        End();
        return root;
    }

    /// <param name="declared">What the place can hold.</param>
    /// <param name="exact">The codec of that type, if such a place may leave the type out.</param>
    internal object? ReadReference(Type declared, Codec? exact)
    {
        var tag = ReadVarUInt();
        if (tag == Tag.Null)
        {
            return null;
        }

        if (tag >= Tag.FirstBackReference)
        {
            var value = ReadBack(tag - Tag.FirstBackReference);
            return declared.IsInstanceOfType(value) ? value : throw Unexpected(value.GetType(), declared);
        }

        Codec codec;
        if (tag is Tag.NewExact or Tag.DeferredExact)
        {
            codec = exact ?? throw new PayloadException("found an object without a type where the type must be told.");
        }
        else
        {
            var type = ReadType();
            if (!declared.IsAssignableFrom(type))
            {
                throw Unexpected(type, declared);
            }

            if (type.ContainsGenericParameters)
            {
                Fail($"found an object of the open type {TypeText.Full(type)}.");
            }

            codec = Codecs.For(type);
        }

        if (tag is Tag.Deferred or Tag.DeferredExact)
        {
            if (!codec.AllocatesFirst)
            {
                Fail($"found a {TypeText.Full(codec.Type)} whose content is put off, where that can't be.");
            }

            var value = codec.ReadBegin(ref this);
            Register(value);
            Defer(codec, value);
            return value;
        }

        CheckDepth();
        _depth++;
        var read = codec.ReadNew(ref this);
        _depth--;
        return read;
    }

    /// <summary>The object a delegate is bound to, or its head: then <paramref name="rest"/> reads the body after the delegate has its number.</summary>
    internal object? ReadTarget(out Codec? rest)
    {
        rest = null;
        var tag = ReadVarUInt();
        if (tag == Tag.Null)
        {
            return null;
        }

        if (tag >= Tag.FirstBackReference)
        {
            return ReadBack(tag - Tag.FirstBackReference);
        }

        if (tag is Tag.NewExact or Tag.DeferredExact)
        {
            Fail("found an object without a type where the type must be told.");
        }

        var type = ReadType();
        if (type.ContainsGenericParameters)
        {
            Fail($"found an object of the open type {TypeText.Full(type)}.");
        }

        var codec = Codecs.For(type);
        if (!codec.AllocatesFirst)
        {
            if (tag == Tag.Deferred)
            {
                Fail($"found a {TypeText.Full(type)} whose content is put off, where that can't be.");
            }

            CheckDepth();
            _depth++;
            var value = codec.ReadNew(ref this);
            _depth--;
            return value;
        }

        var target = codec.ReadBegin(ref this);
        Register(target);
        if (tag == Tag.Deferred)
        {
            Defer(codec, target);
        }
        else
        {
            rest = codec;
        }

        return target;
    }

    internal void ReadTargetRest(Codec codec, object target)
    {
        CheckDepth();
        _depth++;
        try
        {
            codec.ReadRest(ref this, target);
        }
        catch (PayloadException error) when (error.Under(FieldPlan.IsClosure(codec.Type) ? ".closure" : ".Target"))
        {
            throw;
        }

        _depth--;
    }

    /// <summary>Numbers an object that exists, though it may not be filled yet.</summary>
    internal void Register(object value)
    {
        CountObject(32);
        Enlist(value);
    }

    /// <summary>Keeps the number of an object that is made of its parts.</summary>
    internal int Reserve()
    {
        _objects ??= [];
        _objects.Add(null);
        return _objects.Count - 1;
    }

    internal readonly void Fulfil(int place, object value) => _objects![place] = value;

    internal void BeginUndeferrable() => _undeferrable++;

    internal void EndUndeferrable() => _undeferrable--;

    /// <summary>
    /// What needs finished objects (hashing or comparing keys) runs when all objects are filled; at once where something else
    /// already waits for the result.
    /// </summary>
    internal void WhenFilled(Action finish)
    {
        if (_undeferrable > 0)
        {
            Run(finish);
        }
        else
        {
            _unfinished ??= new();
            _unfinished.Enqueue(finish);
        }
    }

    private void Defer(Codec codec, object value)
    {
        if (_undeferrable > 0)
        {
            Fail($"found a {TypeText.Full(codec.Type)} whose content is put off, where that can't be.");
        }

        _deferred ??= new();
        _deferred.Enqueue((codec, value));
    }

    private readonly void CheckDepth()
    {
        if (_depth >= Limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Fail($"objects are nested more than {Limits.Depth:N0} deep (PayloadLimits.Depth).");
        }
    }

    private void Enlist(object value)
    {
        _objects ??= [];
        _objects.Add(value);
    }

    private readonly object ReadBack(ulong id)
    {
        if (_objects is null || id >= (ulong)_objects.Count)
        {
            Fail($"found a reference to object {id}, but only {_objects?.Count ?? 0} were read so far.");
        }

        return _objects![(int)id]
            ?? throw new PayloadException("found a circle through an object that is made of its parts (an immutable collection, a multicast delegate): such circles can't travel. "
                + "Use a list, dictionary or array there.");
    }

    private void End()
    {
        while (_deferred is { } deferred && deferred.TryDequeue(out var put))
        {
            put.Codec.ReadRest(ref this, put.Value);
        }

        while (_unfinished is { } unfinished && unfinished.TryDequeue(out var finish))
        {
            Run(finish);
        }

        if (Remaining > 0)
        {
            Fail($"{Remaining:N0} bytes are left over after the value.");
        }
    }

    // Hash codes and comparisons are the user's code.
    private static void Run(Action finish)
    {
        try
        {
            finish();
        }
        catch (Exception error) when (error is not PayloadException)
        {
            throw new PayloadException($"a collection can't be built from its items: {error.Message}", error);
        }
    }

    private static PayloadException Unexpected(Type found, Type declared) =>
        new($"found a {TypeText.Full(found)} where a {TypeText.Full(declared)} is expected.");
}

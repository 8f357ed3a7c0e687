using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <content>Objects: each once, in whatever circles they stand.</content>
public sealed partial class PayloadWriter
{
    /// <summary>Strings at least this long are written once, however often they are referred to.</summary>
    internal const int SharedStringLength = 32;

    // Beyond this depth the bodies of plain objects are put off, so that a long chain needs no deep stack.
    private const int DeferDepth = 100;

    private readonly Queue<(Codec Codec, object Value)> _deferred = new();
    private IdentityTable _seen;
    private int _depth;
    private int _undeferrable;
    private int _objects;
    private bool _isTree;

    /// <param name="value">The object or null.</param>
    /// <param name="exact">The codec of the slot's declared type; null for a slot of type object.</param>
    internal void WriteReference(object? value, Codec? exact)
    {
        if (value is null)
        {
            WriteByte(Tag.Null);
            return;
        }

        var type = value.GetType();
        var codec = exact is not null && exact.Type == type ? exact : Codecs.For(type);
        if (codec.IsTracked && TryFind(value, out var id))
        {
            WriteVarUInt((uint)(Tag.FirstBackReference + id));
            return;
        }

        if (++_objects > Limits.Objects)
        {
            throw new PayloadException($"the value holds more than {Limits.Objects:N0} objects. Send it in pieces.");
        }

        codec.Check(value);
        var isExact = ReferenceEquals(codec, exact);
        if (_depth >= DeferDepth && _undeferrable == 0 && codec.AllocatesFirst)
        {
            WriteByte(isExact ? Tag.DeferredExact : Tag.Deferred);
            if (!isExact)
            {
                WriteType(codec.WireType);
            }

            codec.WriteBegin(this, value);
            Assign(value);
            _deferred.Enqueue((codec, value));
            return;
        }

        if (_depth >= Limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new PayloadException($"objects are nested more than {Limits.Depth:N0} deep. Flatten them, or raise PayloadLimits.Depth on both sides.");
        }

        WriteByte(isExact ? Tag.NewExact : Tag.New);
        if (!isExact)
        {
            WriteType(codec.WireType);
        }

        _depth++;
        codec.WriteNew(this, value);
        _depth--;
    }

    /// <summary>The object a delegate is bound to, and the number of the delegate between the target's head and its body.</summary>
    /// <param name="target">Null for a static method.</param>
    /// <param name="whole">The delegate to number; null when it is a part of a larger one.</param>
    internal void WriteTarget(object? target, object? whole)
    {
        Codec? codec = null;
        if (target is null || (codec = Codecs.For(target.GetType())) is { IsTracked: true } && TryFind(target, out _) || !codec.AllocatesFirst)
        {
            WriteReference(target, null);
            if (whole is not null)
            {
                Assign(whole);
            }

            return;
        }

        codec.Check(target);
        if (++_objects > Limits.Objects)
        {
            throw new PayloadException($"the value holds more than {Limits.Objects:N0} objects. Send it in pieces.");
        }

        var isDeferred = _depth >= DeferDepth && _undeferrable == 0;
        WriteByte(isDeferred ? Tag.Deferred : Tag.New);
        WriteType(codec.WireType);
        codec.WriteBegin(this, target);
        Assign(target);
        if (whole is not null)
        {
            Assign(whole);
        }

        if (isDeferred)
        {
            _deferred.Enqueue((codec, target));
            return;
        }

        _depth++;
        try
        {
            codec.WriteRest(this, target);
        }
        catch (PayloadException error) when (error.Under(FieldPlan.IsClosure(codec.Type) ? ".closure" : ".Target"))
        {
            throw;
        }

        _depth--;
    }

    /// <summary>Until <see cref="EndUndeferrable"/> no body is put off: what is being written is read by something that needs it whole.</summary>
    internal void BeginUndeferrable() => _undeferrable++;

    internal void EndUndeferrable() => _undeferrable--;

    internal bool TryFind(object value, out int id)
    {
        if (_isTree)
        {
            id = -1;
            return false;
        }

        return _seen.TryFind(value, out id);
    }

    internal void Assign(object value)
    {
        if (!_isTree)
        {
            _seen.Add(value);
        }
    }

    /// <summary>Writes a value without references, only to see whether it ends: a circle runs into the limits.</summary>
    internal void WriteTree(object value)
    {
        Clear();
        Forget();
        (_isTree, _undeferrable) = (true, 1);
        WriteReference(value, null);
    }

    internal void DrainDeferred()
    {
        while (_deferred.TryDequeue(out var put))
        {
            put.Codec.WriteRest(this, put.Value);
        }
    }

    private void Forget()
    {
        _seen.Clear();
        _types.Clear();
        _typePlaces = null;
        _assemblies.Clear();
        _deferred.Clear();
        _depth = 0;
        _undeferrable = 0;
        _objects = 0;
        _isTree = false;
    }
}

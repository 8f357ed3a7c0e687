using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>
/// Delegates: method and target, for each of their parts. The target is allocated before the delegate and filled after it, so that
/// a lambda may capture itself.
/// </summary>
internal sealed class DelegateCodec<T>() : Codec(typeof(T))
    where T : Delegate
{
    public override void WriteNew(PayloadWriter writer, object value)
    {
        var whole = (Delegate)value;
        if (whole.HasSingleTarget)
        {
            writer.WriteVarUInt(1);
            WritePart(writer, whole, whole);
            return;
        }

        var parts = whole.GetInvocationList();
        writer.WriteVarUInt((uint)parts.Length);
        writer.Assign(whole);
        foreach (var part in parts)
        {
            WritePart(writer, part, null);
        }
    }

    public override object ReadNew(ref PayloadReader reader)
    {
        reader.CountObject(64);
        var count = reader.ReadLength(3);
        if (count == 0)
        {
            PayloadReader.Fail("found a delegate without a method.");
        }

        if (count == 1)
        {
            return ReadPart(ref reader, isWhole: true);
        }

        reader.Charge(count * 64L);
        var place = reader.Reserve();
        var parts = new Delegate[count];
        for (var i = 0; i < count; i++)
        {
            parts[i] = ReadPart(ref reader, isWhole: false);
        }

        var whole = Delegate.Combine(parts)!;
        reader.Fulfil(place, whole);
        return whole;
    }

    private static void WritePart(PayloadWriter writer, Delegate part, Delegate? whole)
    {
        Methods.Write(writer, part.Method);
        writer.WriteTarget(part.Target, whole);
    }

    private static Delegate ReadPart(ref PayloadReader reader, bool isWhole)
    {
        var method = Methods.Read(ref reader);
        var target = reader.ReadTarget(out var rest);
        var part = Bind(method, target);
        if (isWhole)
        {
            reader.Register(part);
        }

        if (rest is not null)
        {
            reader.ReadTargetRest(rest, target!);
        }

        return part;
    }

    private static Delegate Bind(MethodInfo method, object? target)
    {
        Delegate? bound;
        try
        {
            bound = Delegate.CreateDelegate(typeof(T), target, method, throwOnBindFailure: false);
        }
        catch (Exception error) when (error is ArgumentException or MemberAccessException or NotSupportedException or TypeLoadException or InvalidOperationException)
        {
            throw Unfit(method, target, error);
        }

        return bound ?? throw Unfit(method, target, null);
    }

    private static PayloadException Unfit(MethodInfo method, object? target, Exception? error)
    {
        var message = $"the method {Methods.Text(method)} on {(target is null ? "no object" : TypeText.Of(target.GetType()))} is no {TypeText.Of(typeof(T))}.";
        return error is null ? new PayloadException(message) : new PayloadException(message, error);
    }
}

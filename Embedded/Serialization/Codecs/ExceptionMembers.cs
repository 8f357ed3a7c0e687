namespace Orleans.Embedded.Serialization;

/// <summary>The members of a [GenerateSerializer] exception, beside what every exception has.</summary>
internal abstract class ExceptionMembers
{
    public abstract void Write(ref WireWriter writer, Exception exception);

    public abstract void Read(ref WireReader reader, Exception exception);
}

internal sealed class ExceptionMembers<T> : ExceptionMembers
    where T : Exception
{
    private readonly PlanMethods<T> _methods = new(TypePlan.Of(typeof(T)));

    public override void Write(ref WireWriter writer, Exception exception)
    {
        var member = -1;
        try
        {
            var value = (T)exception;
            _methods.Writer(ref writer, ref value, ref member);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    public override void Read(ref WireReader reader, Exception exception)
    {
        var member = -1;
        try
        {
            var value = (T)exception;
            _methods.Reader(ref reader, ref value, ref member);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }
}

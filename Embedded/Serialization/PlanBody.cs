using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>The compiled methods of a plan and the names for errors; made when first needed, since types may refer to each other.</summary>
internal sealed class PlanMethods<T>(TypePlan plan)
{
    private MembersWriter<T>? _writer;
    private MembersReader<T>? _reader;
    private MembersCopier<T>? _copier;

    public TypePlan Plan { get; } = plan;

    public MembersWriter<T> Writer => _writer ??= PlanEmitter.EmitWriter<T>(Plan);

    public MembersReader<T> Reader => _reader ??= PlanEmitter.EmitReader<T>(Plan);

    public MembersCopier<T> Copier => _copier ??= PlanEmitter.EmitCopier<T>(Plan);

    /// <summary>The member that was at work, for errors.</summary>
    public string Place(int member) =>
        member < 0 ? typeof(T).ShortName() : $"{typeof(T).ShortName()}.{Plan.Members.ElementAt(member).Name}";
}

/// <summary>Objects of a class with numbered members.</summary>
internal sealed class PlanBody<T>(TypePlan plan) : WireBody<T>
    where T : class
{
    private readonly PlanMethods<T> _methods = new(plan);
    private readonly int _size = 24 + (8 * plan.Members.Count());
    private readonly bool _sharesCopies = typeof(T).IsDefined(typeof(ImmutableAttribute), inherit: true);
    private Func<T>? _construct;

    public override WireKind Kind => WireKind.Group;

    public override bool SharesCopies => _sharesCopies;

    public override bool IsHashedByIdentity { get; } = typeof(T).GetMethod(nameof(GetHashCode), [])!.DeclaringType == typeof(object);

    public override void Write(ref WireWriter writer, T value)
    {
        var member = -1;
        try
        {
            _methods.Writer(ref writer, ref value, ref member);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    public override T Read(ref WireReader reader, int start)
    {
        var member = -1;
        try
        {
            reader.Charge(1, _size);
            var value = Create();
            reader.Register(start, value);
            _methods.Reader(ref reader, ref value, ref member);
            return value;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    public override T Copy(T value, CopyContext context)
    {
        var member = -1;
        try
        {
            var copy = Create();
            context.Register(value, copy);
            _methods.Copier(context, ref value, ref copy, ref member);
            return copy;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    private T Create() =>
        plan.Constructor is null
            ? (T)RuntimeHelpers.GetUninitializedObject(typeof(T))
            : (_construct ??= Expression.Lambda<Func<T>>(Expression.New(plan.Constructor)).Compile())();
}

/// <summary>Structs with numbered members, written in place.</summary>
internal sealed class PlanCodec<T>(TypePlan plan) : WireCodec<T>
    where T : struct
{
    private const int Unasked = 0;
    private const int Copied = 1;
    private const int Shared = 2;

    private readonly PlanMethods<T> _methods = new(plan);
    private volatile int _sharing;

    public override WireKind Kind => WireKind.Group;

    public override bool SharesCopies
    {
        get
        {
            if (_sharing == Unasked)
            {
                // A struct that holds itself (in an array) meets its own question: "copied" is the answer that is never wrong.
                _sharing = Copied;
                _sharing = typeof(T).IsDefined(typeof(ImmutableAttribute), inherit: true)
                    || plan.Members.All(member => member.IsImmutable || WireCodecs.For(member.Type).SharesCopies)
                    ? Shared
                    : Copied;
            }

            return _sharing == Shared;
        }
    }

    public override void Write(ref WireWriter writer, T value)
    {
        var member = -1;
        try
        {
            writer.Enter();
            _methods.Writer(ref writer, ref value, ref member);
            writer.Leave();
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    public override T Read(ref WireReader reader)
    {
        var member = -1;
        try
        {
            var value = default(T);
            reader.Enter();
            _methods.Reader(ref reader, ref value, ref member);
            reader.Leave();
            return value;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }

    public override T Copy(T value, CopyContext context)
    {
        var member = -1;
        try
        {
            var copy = default(T);
            _methods.Copier(context, ref value, ref copy, ref member);
            return copy;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, _methods.Place(member)))
        {
            throw WireException.Wrap(cause, _methods.Place(member));
        }
    }
}

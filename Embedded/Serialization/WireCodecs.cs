using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>The codec of every type: built in, for wire types made from their plan.</summary>
internal static class WireCodecs
{
    private static readonly ConcurrentDictionary<Type, WireCodec> _codecs = new(new WireCodec[]
    {
        new BooleanCodec(),
        new IntegerCodec<sbyte, sbyte>(),
        new IntegerCodec<byte, byte>(),
        new IntegerCodec<short, short>(),
        new IntegerCodec<ushort, ushort>(),
        new IntegerCodec<int, int>(),
        new IntegerCodec<uint, uint>(),
        new IntegerCodec<long, long>(),
        new IntegerCodec<ulong, ulong>(),
        new IntegerCodec<char, char>(),
        new SingleCodec(),
        new DoubleCodec(),
        new DecimalCodec(),
        new RawCodec<Half>(),
        new RawCodec<Int128>(),
        new RawCodec<UInt128>(),
        new RawCodec<Complex>(),
        new RawCodec<Guid>(),
        new BigIntegerCodec(),
        new RuneCodec(),
        new DateTimeCodec(),
        new DateTimeOffsetCodec(),
        new TimeSpanCodec(),
        new DateOnlyCodec(),
        new TimeOnlyCodec(),
        new StringCodec(),
        new UriCodec(),
        new VersionCodec(),
        new IPAddressCodec(),
        new IPEndPointCodec(),
    }.ToDictionary(codec => codec.Type));

    private static readonly Dictionary<Type, Type> _generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCodec<>),
        [typeof(Memory<>)] = typeof(MemoryCodec<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryCodec<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentCodec<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(List<>)] = typeof(ListBody<>),
        [typeof(HashSet<>)] = typeof(HashSetBody<>),
        [typeof(SortedSet<>)] = typeof(SortedSetBody<>),
        [typeof(Queue<>)] = typeof(QueueBody<>),
        [typeof(Stack<>)] = typeof(StackBody<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryBody<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryBody<,>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListBody<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetBody<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryBody<,>),
    };

    public static WireCodec For(Type type) => _codecs.TryGetValue(type, out var codec) ? codec : Add(type);

    /// <summary>The type is built in, or a collection, tuple or Nullable: nothing has to be declared for it, only for its arguments.</summary>
    public static bool IsBuiltIn(Type type) =>
        type == typeof(object) || _codecs.TryGetValue(type, out _) && type.Assembly == typeof(object).Assembly
        || BuiltInTypes.ByName.Values.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static WireCodec Add(Type type)
    {
        if (type.Assembly != typeof(object).Assembly && !type.Assembly.IsDynamic)
        {
            // Subclasses are named in messages, and their reader may not have met them yet.
            WireTypes.Register(type.Assembly);
        }

        return _codecs.GetOrAdd(type, Create(type));
    }

    private static WireCodec Create(Type type)
    {
        if (type.ContainsGenericParameters || type.IsByRefLike || type.IsPointer || type.IsByRef)
        {
            throw new WireException($"{type.DisplayName()} cannot cross the wire: it is no type of whole values.");
        }

        if (WireTypes.ConverterOf(type) is { } converter)
        {
            return Converted(type, converter);
        }

        if (type.IsEnum)
        {
            return (WireCodec)MakeAny(typeof(IntegerCodec<,>), type, Enum.GetUnderlyingType(type));
        }

        if (type.IsArray)
        {
            return type.IsSZArray
                ? Referenced(type, MakeAny(typeof(ArrayBody<>), type.GetElementType()!))
                : Referenced(type, MakeAny(typeof(MultiArrayBody<,>), type, type.GetElementType()!));
        }

        if (type.IsGenericType && _generic.TryGetValue(type.GetGenericTypeDefinition(), out var definition))
        {
            var made = MakeAny(definition, type.GetGenericArguments());
            return made as WireCodec ?? Referenced(type, made);
        }

        if (TuplePlan.Of(type) is { } tuple)
        {
            return Planned(tuple);
        }

        if (type.IsAssignableTo(typeof(Exception)))
        {
            return Referenced(type, MakeAny(typeof(ExceptionBody<>), type));
        }

        if (type.IsAssignableTo(typeof(GrainReference)) || (type.IsInterface && type.IsAssignableTo(typeof(IAddressable))))
        {
            return Referenced(type, MakeAny(typeof(GrainReferenceBody<>), type));
        }

        if (type == typeof(object) || type.IsInterface)
        {
            return Referenced(type, null);
        }

        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            throw WireException.NotSerializable(type);
        }

        return type.IsAbstract ? Referenced(type, null) : Planned(TypePlan.Of(type));
    }

    private static WireCodec Planned(TypePlan plan) => plan.Type.IsValueType
        ? (WireCodec)Activator.CreateInstance(typeof(PlanCodec<>).MakeGenericType(plan.Type), plan)!
        : Referenced(plan.Type, Activator.CreateInstance(typeof(PlanBody<>).MakeGenericType(plan.Type), plan));

    private static WireCodec Converted(Type type, Type converter)
    {
        var contract = converter.GetInterfaces().First(candidate =>
            candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IConverter<,>) && candidate.GetGenericArguments()[0] == type);
        var surrogate = contract.GetGenericArguments()[1];
        var instance = Activator.CreateInstance(converter, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, null, null)!;
        return type.IsValueType
            ? (WireCodec)Activator.CreateInstance(typeof(ConverterCodec<,>).MakeGenericType(type, surrogate), instance)!
            : Referenced(type, Activator.CreateInstance(typeof(ConverterBody<,>).MakeGenericType(type, surrogate), instance));
    }

    private static WireCodec Referenced(Type type, object? body) =>
        (WireCodec)Activator.CreateInstance(typeof(ReferenceCodec<>).MakeGenericType(type), body)!;

    private static object MakeAny(Type definition, params Type[] arguments) =>
        Activator.CreateInstance(definition.MakeGenericType(arguments))!;
}

using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>The reflective codec: a user's own classes, records, structs and closures, field by field.</summary>
internal static class ObjectCodecs
{
    public static Codec Create(Type type)
    {
        if (type.IsInterface || type.IsAbstract)
        {
            return new RefusedCodec(type, "no object is of an interface or an abstract class itself.") { IsAbstract = true };
        }

        if (FieldPlan.TryMake(type, root: null, skipsRefused: false, out var plan) is { } reason)
        {
            return Codecs.Refuse(type, reason);
        }

        return (Codec)Activator.CreateInstance((type.IsValueType ? typeof(StructCodec<>) : typeof(ClassCodec<>)).MakeGenericType(type), plan)!;
    }

    private sealed class ClassCodec<T>(FieldPlan plan) : FilledCodec<T>
        where T : class
    {
        private readonly Fields<T> _fields = new(plan);

        public override T Allocate(ref PayloadReader reader)
        {
            reader.Charge(plan.Fields.Length * 8);
            return Unsafe.As<T>(RuntimeHelpers.GetUninitializedObject(typeof(T)));
        }

        public override void Write(PayloadWriter writer, T value) => _fields.Write(writer, ref value);

        public override void Fill(ref PayloadReader reader, T value) => _fields.Read(ref reader, ref value);
    }

    private sealed class StructCodec<T>(FieldPlan plan) : ValueCodec<T>
        where T : struct
    {
        private readonly Fields<T> _fields = new(plan);

        public override void Write(PayloadWriter writer, T value)
        {
            // Every value takes at least one byte, so that counts can be checked against what is left.
            if (plan.Fields.Length == 0)
            {
                writer.WriteByte(0);
            }

            _fields.Write(writer, ref value);
        }

        public override T Read(ref PayloadReader reader)
        {
            if (plan.Fields.Length == 0)
            {
                reader.ReadByte();
            }

            T value = default;
            _fields.Read(ref reader, ref value);
            return value;
        }
    }
}

/// <summary>The fields of one type, with their compiled accessors.</summary>
internal sealed class Fields<T>(FieldPlan plan)
{
    // Made when first used: most types are only written, or only read, in one process.
    private FieldsWriter<T>? _write;
    private FieldsReader<T>? _read;

    public void Write(PayloadWriter writer, ref T value)
    {
        _write ??= FieldAccess.MakeWriter<T>(plan);
        var at = -1;
        try
        {
            _write(writer, ref value, ref at);
        }
        catch (PayloadException error) when (error.Under(at < 0 ? "" : plan.Steps[at]))
        {
            throw;
        }
    }

    public void Read(ref PayloadReader reader, ref T value)
    {
        _read ??= FieldAccess.MakeReader<T>(plan);
        var at = -1;
        try
        {
            _read(ref reader, ref value, ref at);
        }
        catch (PayloadException error) when (error.Under(at < 0 ? "" : plan.Steps[at]))
        {
            throw;
        }
    }
}

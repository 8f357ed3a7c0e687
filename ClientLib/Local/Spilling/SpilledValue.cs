using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>A value on the disk: raw where its bulk is bare bytes, else as a payload.</summary>
internal abstract class SpilledValue : IDisposable
{
    /// <summary>Puts a value on the disk.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="PayloadException">It can't be encoded.</exception>
    public static SpilledValue Write(SpillFile file, object value)
    {
        switch (value)
        {
            case IRawValue raw:
                return new Raw(file, raw);
            case IRawValue?[] several:
                return new RawList(file, several);
            default:
                return new Encoded(file, Payload.Encode<object?>(value));
        }
    }

    /// <summary>The value, in memory of its own.</summary>
    public abstract object Read();

    /// <summary>What a raw value, or one of a list, leaves in memory; a function that asks for it (<see cref="ITakesSpilled"/>) reads the part it needs.</summary>
    public IRawForm? Form(int index) => Forms[index];

    /// <summary>Whether it has such forms; a payload does not.</summary>
    public bool IsRaw => this is not Encoded;

    /// <summary>Those of all; none of a payload.</summary>
    public abstract IReadOnlyList<IRawForm?> Forms { get; }

    /// <summary>Gives its room on the disk back.</summary>
    public abstract void Dispose();

    private sealed class Raw : SpilledValue
    {
        private readonly SpillFile.Extent _extent;
        private readonly IRawForm _form;

        public Raw(SpillFile file, IRawValue value) => (_extent, _form) = Put(file, value);

        public static (SpillFile.Extent Extent, IRawForm Form) Put(SpillFile file, IRawValue value)
        {
            var extent = file.Write(value.RawLength, value.WriteRaw);
            return (extent, value.FormOf(extent));
        }

        public override object Read() => _form.Read();

        public override IReadOnlyList<IRawForm?> Forms => [_form];

        public override void Dispose() => _extent.Dispose();
    }

    private sealed class RawList : SpilledValue
    {
        private readonly Type _element;
        private readonly (SpillFile.Extent Extent, IRawForm Form)?[] _items;

        public RawList(SpillFile file, IRawValue?[] values)
        {
            (_element, _items) = (values.GetType().GetElementType()!, new (SpillFile.Extent, IRawForm)?[values.Length]);
            try
            {
                for (var i = 0; i < values.Length; i++)
                {
                    _items[i] = values[i] is { } value ? Raw.Put(file, value) : null;
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public override object Read()
        {
            var values = Array.CreateInstance(_element, _items.Length);
            for (var i = 0; i < _items.Length; i++)
            {
                values.SetValue(_items[i]?.Form.Read(), i);
            }

            return values;
        }

        public override IReadOnlyList<IRawForm?> Forms => Array.ConvertAll(_items, item => item?.Form);

        public override void Dispose() => Array.ForEach(_items, item => item?.Extent.Dispose());
    }

    private sealed class Encoded : SpilledValue
    {
        private readonly SpillFile.Extent _extent;

        public Encoded(SpillFile file, byte[] bytes) => _extent = file.Write(bytes.Length, write => write(bytes));

        public override object Read()
        {
            var bytes = new byte[_extent.Length];
            _extent.Read(bytes, 0);
            return Payload.Decode<object?>(bytes)!;
        }

        public override IReadOnlyList<IRawForm?> Forms => [];

        public override void Dispose() => _extent.Dispose();
    }
}

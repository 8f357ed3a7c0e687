namespace Orleans.Dask.Files;

/// <summary>Kinds of message in an object's header that are looked at.</summary>
internal enum Hdf5Message
{
    Dataspace = 1,
    LinkInfo = 2,
    Datatype = 3,
    OldFill = 4,
    Fill = 5,
    Link = 6,
    External = 7,
    Layout = 8,
    Filters = 11,
    Continuation = 16,
    SymbolTable = 17,
}

/// <summary>The header of a group or dataset: its messages, gathered from all blocks they are spread over.</summary>
internal sealed class Hdf5Header
{
    private const int Shared = 2, FailIfUnknown = 128, LastKnown = 24;
    private const int InOtherHeader = 2;
    private readonly List<(Hdf5Message Kind, int Flags, Hdf5Cursor Body)> _messages = [];
    private readonly Queue<(long Address, long Count)> _blocks = new();
    private readonly Hdf5Source _source;
    private readonly string _name, _what;

    public Hdf5Header(Hdf5Source source, long address, string name)
    {
        (_source, _name) = (source, name);
        _what = $"the header of '{name}'";
        var start = source.Begin(address, 34, _what);
        if (start.Left > 4 && start.Take(4).SequenceEqual("OHDR"u8))
        {
            Read2(start, address);
        }
        else
        {
            Read1(source.Begin(address, 16, _what), address);
        }
    }

    /// <summary>All messages of a kind, each from its beginning.</summary>
    public IEnumerable<Hdf5Cursor> All(Hdf5Message kind)
    {
        foreach (var (_, flags, body) in _messages.Where(m => m.Kind == kind))
        {
            yield return (flags & Shared) == 0 ? body.Again() : Committed(kind, body.Again());
        }
    }

    /// <summary>The message of a kind, or null.</summary>
    public Hdf5Cursor? Find(Hdf5Message kind) => All(kind).FirstOrDefault();

    /// <summary>The type that was given a name of its own: it stands in a header by itself, which shares nothing in turn.</summary>
    private Hdf5Cursor Committed(Hdf5Message kind, Hdf5Cursor place)
    {
        var version = place.Version(1, 3);
        var where = place.Byte();
        if (kind != Hdf5Message.Datatype || (version == 3 && where != InOtherHeader))
        {
            throw _source.Foreign($"{_what} shares its {kind} with others", "one of its own, or a type that was committed");
        }

        var other = new Hdf5Header(_source, place.Skip(version == 1 ? 6 : 0).Address(), _name);
        var found = other._messages.Find(m => m.Kind == kind);
        return found.Body is { } body && (found.Flags & Shared) == 0 ? body.Again() : throw place.Damaged("names a committed type that is none");
    }

    private void Read1(Hdf5Cursor start, long address)
    {
        start.Version(1, 1);
        var count = start.Skip(1).Short();
        _blocks.Enqueue((address + 16, start.Skip(4).Int()));
        while (_blocks.TryDequeue(out var block))
        {
            var messages = _source.Take(block.Address, block.Count, _what);
            while (count > 0 && messages.Left >= 8)
            {
                var (kind, size, flags) = (messages.Short(), messages.Short(), messages.Byte());
                Add(kind, flags, messages.Skip(3).Part(size));
                count--;
            }
        }
    }

    private void Read2(Hdf5Cursor start, long address)
    {
        start.Version(2, 2);
        var flags = start.Byte();
        start.Skip(((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0));
        var count = start.Number(1 << (flags & 3));
        var before = start.Position;
        var messages = _source.Take(address, before + Math.Min(count, long.MaxValue - 64) + 4, _what, isChecked: true).Skip(before);
        while (true)
        {
            // What is shorter than a message's beginning is a gap.
            var least = (flags & 4) != 0 ? 6 : 4;
            while (messages.Left >= least)
            {
                var (kind, size, marks) = (messages.Byte(), messages.Short(), messages.Byte());
                Add(kind, marks, messages.Skip(least - 4).Part(size));
            }

            if (!_blocks.TryDequeue(out var block))
            {
                return;
            }

            messages = _source.Take(block.Address, block.Count, _what, isChecked: true).Expect("OCHK"u8);
        }
    }

    private void Add(int kind, int flags, Hdf5Cursor body)
    {
        if (kind > LastKnown && (flags & FailIfUnknown) != 0)
        {
            throw _source.Foreign($"{_what} has a message of kind {kind} that must be understood", $"kinds up to {LastKnown}");
        }

        if (kind == (int)Hdf5Message.Continuation)
        {
            _blocks.Enqueue((body.Address(), body.Count()));
        }
        else if (Enum.IsDefined((Hdf5Message)kind))
        {
            _messages.Add(((Hdf5Message)kind, flags, body));
        }
    }
}

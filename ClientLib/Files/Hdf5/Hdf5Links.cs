using System.Text;

namespace Orleans.Dask.Files;

/// <summary>Follows a path through the groups of a file, whichever of three ways they keep their members: symbol table, messages, heap.</summary>
internal sealed class Hdf5Links(Hdf5Source source, long root)
{
    private const int HardLink = 0, SoftLink = 1, MostSoftLinks = 16;
    private const int SoftEntry = 2;
    private int _softLinks;

    /// <summary>The header of the object at a path.</summary>
    public Hdf5Header Find(string path)
    {
        var walked = new List<string>();
        var current = new Hdf5Header(source, root, "/");
        var open = new Stack<string>(Parts(path));
        while (open.TryPop(out var name))
        {
            var within = "/" + string.Join('/', walked);
            if (Member(current, within, name) is not var (address, link))
            {
                throw new ArrayFileException($"{source.Path}: dataset '{path}' could not be opened: '{within}' has no member '{name}'.");
            }

            if (link is null)
            {
                walked.Add(name);
                current = new Hdf5Header(source, address, name);
                continue;
            }

            if (++_softLinks > MostSoftLinks)
            {
                throw source.Damaged($"'{path}' leads over more than {MostSoftLinks} soft links");
            }

            foreach (var part in Parts(link))
            {
                open.Push(part);
            }

            if (link.StartsWith('/'))
            {
                walked.Clear();
                current = new Hdf5Header(source, root, "/");
            }
        }

        return current;
    }

    /// <summary>Of a path, the last first.</summary>
    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Reverse();

    /// <summary>Where a member's header lies, or what its soft link says.</summary>
    private (long Address, string? Link)? Member(Hdf5Header group, string within, string name)
    {
        if (group.Find(Hdf5Message.SymbolTable) is { } table)
        {
            return new Hdf5SymbolTable(source, table.Address(), table.Address(), within).Find(name);
        }

        foreach (var link in group.All(Hdf5Message.Link))
        {
            if (Read(link, name) is { } found)
            {
                return found;
            }
        }

        if (group.Find(Hdf5Message.LinkInfo) is { } info)
        {
            info.Version(0, 0);
            info.Skip((info.Byte() & 1) != 0 ? 8 : 0);
            var (heapAddress, names) = (info.Address(), info.Address());
            if (heapAddress >= 0)
            {
                // Records tell the name's hash: of a large group, hardly a link is read but the one that is looked for.
                var heap = new Hdf5Heap(source, heapAddress);
                var hash = Hdf5Checksum.Lookup3(Encoding.UTF8.GetBytes(name));
                foreach (var record in new Hdf5Records(source, names).Read(Hdf5Records.LinkNames))
                {
                    if (record.Int() == hash && Read(heap.Object(record), name) is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>A link message, if it is the link of that name.</summary>
    private (long Address, string? Link)? Read(Hdf5Cursor link, string wanted)
    {
        link.Version(1, 1);
        var flags = link.Byte();
        var kind = (flags & 8) != 0 ? link.Byte() : HardLink;
        link.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        var name = Encoding.UTF8.GetString(link.Take(link.Number(1 << (flags & 3))));
        return name != wanted ? null : kind switch
        {
            HardLink => (link.Address(), null),
            SoftLink => (0, Encoding.UTF8.GetString(link.Take(link.Short()))),
            _ => throw source.Foreign($"'{name}' is a link of kind {kind}, as into another file", "a hard or soft link"),
        };
    }

    /// <summary>Members in a B-tree of symbol nodes, their names in a local heap: how files were written first, and mostly are.</summary>
    private sealed class Hdf5SymbolTable(Hdf5Source source, long tree, long heap, string within)
    {
        private readonly string _what = $"the member list of '{within}'";

        public (long Address, string? Link)? Find(string name)
        {
            var head = source.Begin(heap, 32, _what).Expect("HEAP"u8).Skip(4);
            var length = head.Count();
            head.Count();
            return Search(tree, Hdf5Source.MostDepth - 1, source.Take(head.Address(), length, _what), name);
        }

        /// <param name="depth">How many levels may be below at most.</param>
        private (long Address, string? Link)? Search(long address, int depth, Hdf5Cursor names, string name)
        {
            var start = source.Begin(address, 8 + (2 * source.Numbering.AddressSize), _what).Expect("TREE"u8);
            var (kind, level, count) = (start.Byte(), start.Byte(), start.Short());
            if (kind != 0 || level > depth)
            {
                throw source.Damaged($"{_what} has a node of kind {kind} and level {level} at {address}, expected kind 0 and at most level {depth}");
            }

            var (key, each) = (source.Numbering.CountSize, source.Numbering.AddressSize);
            var node = source.Take(address + start.Position + (2 * each), ((long)count * (key + each)) + key, _what);
            for (var i = 0; i < count; i++)
            {
                var child = node.Skip(key).Address();
                if ((level > 0 ? Search(child, level - 1, names, name) : Symbols(child, names, name)) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        private (long Address, string? Link)? Symbols(long address, Hdf5Cursor names, string name)
        {
            var count = source.Begin(address, 8, _what).Expect("SNOD"u8).Skip(2).Short();
            var entries = source.Take(address + 8, count * (24L + (2 * source.Numbering.AddressSize)), _what);
            for (var i = 0; i < count; i++)
            {
                var (nameAt, header, kind, scratch) = (entries.Address(), entries.Address(), entries.Int(), entries.Skip(4).Part(16));
                if (names.Again().Skip(nameAt).Text() == name)
                {
                    return kind == SoftEntry ? (0, names.Again().Skip(scratch.Int()).Text()) : (header, null);
                }
            }

            return null;
        }
    }
}

namespace Orleans.Embedded.Serialization;

// The wire format on one page.
//
//   group    = { member } end                      an object's or a call's members, in any order, missing ones are defaults
//   member   = varint(id << 3 | kind) value        ids below 16 cost one byte
//   end      = 0x07                                and 0x0F closes the members of a base class, which number their own ids
//   bytes    = varint(0: null, else length + 1) raw
//   sequence = varint(count) byte(comparer << 4 | kind) { value }
//   map      = byte(comparer) varint(count) byte(value kind << 4 | key kind) { value value }
//   object   = tag ...                             tag = form << 4 | kind of the body
//              null | reference position | declared body | typed name body | typed-reference name position
//   name     = varint(0) varint(length) utf8  |  varint(position of an earlier name)
//
// Every value can be skipped without knowing its type, so a reader ignores members it has never heard of. References are byte
// positions, not counters: what was skipped can still be pointed at, and is then read from where it stands.
// Numbers are little-endian; signed ones are zigzag varints; elements of blittable collections are one raw block.

/// <summary>How a value stands on the wire: enough to skip it.</summary>
internal enum WireKind : byte
{
    Varint = 0,
    Fixed32 = 1,
    Fixed64 = 2,
    Bytes = 3,
    Group = 4,
    Object = 5,
    Sequence = 6,

    /// <summary>Closes a group; never the kind of a value.</summary>
    End = 7,

    /// <summary>Only as the body of an object.</summary>
    Map = 8,
}

/// <summary>What follows the tag of an object.</summary>
internal enum WireForm : byte
{
    Null = 0,

    /// <summary>An object that stands earlier in the message.</summary>
    Reference = 1,

    /// <summary>A body of exactly the declared type.</summary>
    Declared = 2,

    /// <summary>The name of the runtime type, then its body.</summary>
    Typed = 3,

    /// <summary>As <see cref="Reference"/>, to an object that stands there without its type's name because another type was declared.</summary>
    TypedReference = 4,
}

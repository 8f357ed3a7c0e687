namespace Orleans.Embedded.Serialization;

/// <summary>Reads names such as <c>map&lt;string,Orleans.Dask.Job[]&gt;</c>.</summary>
internal static class WireTypeName
{
    public const int MaxLength = 512;

    private const int MaxNesting = 8;

    private static readonly System.Buffers.SearchValues<char> _punctuation = System.Buffers.SearchValues.Create("<>[],");

    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxLength && name.AsSpan().IndexOfAny(_punctuation) < 0;

    /// <param name="find">The type or generic definition of a plain name; throws when there is none.</param>
    public static Type Parse(string name, Func<string, Type> find)
    {
        if (name.Length > MaxLength)
        {
            throw new WireException($"A type's name of {name.Length} characters is longer than the {MaxLength} allowed.");
        }

        var position = 0;
        try
        {
            var type = ParseType(name, ref position, find, 0);
            return position == name.Length ? type : throw Malformed(name, position);
        }
        catch (Exception cause) when (cause is ArgumentException or TypeLoadException or NotSupportedException)
        {
            throw new WireException($"The type's name '{name}' makes no type: {cause.Message}", cause);
        }
    }

    private static Type ParseType(string name, ref int position, Func<string, Type> find, int depth)
    {
        if (depth > MaxNesting)
        {
            throw new WireException($"The type's name '{name}' is nested more than {MaxNesting} levels deep.");
        }

        var length = name.AsSpan(position).IndexOfAny(_punctuation);
        var end = length < 0 ? name.Length : position + length;
        if (end == position)
        {
            throw Malformed(name, position);
        }

        var type = find(name[position..end]);
        position = end;
        if (position < name.Length && name[position] == '<')
        {
            var arguments = new List<Type>();
            do
            {
                position++;
                arguments.Add(ParseType(name, ref position, find, depth + 1));
            }
            while (position < name.Length && name[position] == ',');

            Expect(name, ref position, '>');
            if (!type.IsGenericTypeDefinition || type.GetGenericArguments().Length != arguments.Count)
            {
                throw Malformed(name, position);
            }

            type = type.MakeGenericType([.. arguments]);
        }
        else if (type.IsGenericTypeDefinition)
        {
            throw Malformed(name, position);
        }

        while (position < name.Length && name[position] == '[')
        {
            var rank = 1;
            for (position++; position < name.Length && name[position] == ','; position++)
            {
                rank++;
            }

            Expect(name, ref position, ']');
            if (++depth > MaxNesting || rank > 32)
            {
                throw Malformed(name, position);
            }

            type = rank == 1 ? type.MakeArrayType() : type.MakeArrayType(rank);
        }

        return type;
    }

    private static void Expect(string name, ref int position, char expected)
    {
        if (position >= name.Length || name[position] != expected)
        {
            throw Malformed(name, position);
        }

        position++;
    }

    private static WireException Malformed(string name, int position) =>
        new($"The type's name '{name}' is malformed at character {position}.");
}

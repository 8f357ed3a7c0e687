namespace Orleans.Dask.Arrays;

/// <summary>Einstein summation: the product over all letters, summed over those that the output lacks, in one fused pass.</summary>
internal static class Einstein
{
    public static Recipe Lower(string subscripts, Recipe[] operands, int splitEvery)
    {
        ArgumentNullException.ThrowIfNull(subscripts);
        var (inputs, output) = Parse(subscripts, operands);
        var letters = output + new string([.. inputs.SelectMany(i => i).Where(c => !output.Contains(c, StringComparison.Ordinal)).Distinct()]);
        var lengths = new Dictionary<char, long>();
        Recipe? product = null;
        var expanded = new Recipe[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            var (operand, own) = WithoutRepeats(operands[i], inputs[i]);
            for (var axis = 0; axis < own.Length; axis++)
            {
                if (lengths.TryGetValue(own[axis], out var length) && length != operand.Shape[axis] && length != 1 && operand.Shape[axis] != 1)
                {
                    throw new ShapeException($"Letter '{own[axis]}' of '{subscripts}' stands for lengths {length} and {operand.Shape[axis]}. They must be equal.");
                }

                lengths[own[axis]] = Math.Max(operand.Shape[axis], lengths.GetValueOrDefault(own[axis], 1));
            }

            // Every operand gets every letter as an axis; missing ones have length 1 and broadcast.
            int[] axes = [.. letters.Select(c => own.IndexOf(c, StringComparison.Ordinal))];
            expanded[i] = Element.Axes(operand, axes, [.. axes.Select(a => a < 0 ? Shapes.One : operand.Chunks[a])]);
        }

        var type = DTypes.Promote([.. operands.Select(o => o.Type)]);
        foreach (var operand in expanded)
        {
            product = product is null ? Element.Cast(operand, type) : Element.Call("multiply", product, operand);
        }

        int[] summed = [.. Enumerable.Range(output.Length, letters.Length - output.Length)];
        return summed.Length == 0 ? product! : Element.Cast(ReduceLayers.Lower(product!, Reducers.Sum(type), summed, keepDims: false, splitEvery, "einsum"), type);
    }

    private static (string[] Inputs, string Output) Parse(string subscripts, Recipe[] operands)
    {
        var text = subscripts.Replace(" ", "", StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var inputs = (arrow < 0 ? text : text[..arrow]).Split(',');
        if (inputs.Length != operands.Length)
        {
            throw new ArrayException($"'{subscripts}' names {inputs.Length} arrays, but {operands.Length} were passed.");
        }

        // An ellipsis stands for as many axes as are left, aligned at the last: give them letters of their own.
        var rest = inputs.Select((s, i) => s.Contains("...", StringComparison.Ordinal) ? operands[i].Rank - s.Length + 3 : 0).ToArray();
        var most = rest.Max();
        string Letters(int count) => new([.. Enumerable.Range(most - count, count).Select(i => (char)('\u0391' + i))]);
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = inputs[i].Replace("...", rest[i] >= 0 ? Letters(rest[i]) : "", StringComparison.Ordinal);
            if (inputs[i].Length != operands[i].Rank)
            {
                throw new AxisException($"'{subscripts}' gives {inputs[i].Length} letters to an array of {operands[i].Rank} axes. Name each axis, or use an ellipsis.");
            }
        }

        var output = arrow >= 0 ? text[(arrow + 2)..].Replace("...", Letters(most), StringComparison.Ordinal)
            : Letters(most) + new string([.. inputs.SelectMany(s => s).Where(c => c < '\u0391').GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order()]);
        foreach (var letter in output)
        {
            if (!Array.Exists(inputs, s => s.Contains(letter, StringComparison.Ordinal)))
            {
                throw new ArrayException($"Letter '{letter}' of the output of '{subscripts}' stands in no input.");
            }
        }

        return (inputs, output);
    }

    /// <summary>A letter that stands twice in one operand means its diagonal.</summary>
    private static (Recipe Operand, string Letters) WithoutRepeats(Recipe operand, string letters)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            var j = letters.IndexOf(letters[i], i + 1);
            if (j >= 0)
            {
                int[] order = [.. Enumerable.Range(0, letters.Length).Where(a => a != i && a != j), i, j];
                var moved = Element.Axes(operand, order, Array.ConvertAll(order, a => operand.Chunks[a]));
                if (operand.Shape[i] != operand.Shape[j])
                {
                    throw new ShapeException($"A letter stands for lengths {operand.Shape[i]} and {operand.Shape[j]} of one array. They must be equal.");
                }

                return WithoutRepeats(BlockMap.Diagonal(moved, operand.Shape[i]), new string([.. order.Take(order.Length - 1).Select(a => letters[a])]));
            }
        }

        return (operand, letters);
    }
}

using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Selecting, replacing, inserting and deleting.</summary>
public static class DaskArrayIndexing
{
    /// <param name="array">The array; it stays as it is.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>A copy with <c>array[index] = values</c>; values broadcast to the place.</summary>
        public DaskArray<T> SetItem(DaskArray<T> values, params IndexItem[] index) => new(Assignment.Set(array.Recipe, values.Recipe, index));

        /// <summary>A copy with a value where the mask is true.</summary>
        public DaskArray<T> SetItem(DaskArray<bool> mask, DaskArray<T> value)
        {
            if (mask.Rank > array.Rank || Enumerable.Range(0, mask.Rank).Any(a => mask.Shape[a] != array.Shape[a]))
            {
                throw new ArrayIndexException($"A mask of shape {Strided.Text(mask.Recipe.Shape)} for an array of shape {Strided.Text(array.Recipe.Shape)}. Pass one of the same shape.");
            }

            var full = mask;
            while (full.Rank < array.Rank)
            {
                full = full.ExpandDims(-1);
            }

            return DaskArray.Where(full, value, array);
        }

        /// <summary>Entries at positions along an axis; of the flattened array without one. Negative counts from the end.</summary>
        [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
        public DaskArray<T> Take(IndexItem indices, int? axis = null)
        {
            var source = axis is null ? array.Ravel() : array;
            var items = new IndexItem[source.Rank];
            Array.Fill(items, IndexItem.All);
            items[Strided.Axis(axis ?? 0, source.Rank)] = indices;
            return source[items];
        }

        /// <summary>Entries where the condition is true; it may be shorter than the axis.</summary>
        public DaskArray<T> Compress(bool[] condition, int? axis = null)
        {
            ArgumentNullException.ThrowIfNull(condition);
            var source = axis is null ? array.Ravel() : array;
            var length = Shapes.Known(source.Recipe, Strided.Axis(axis ?? 0, source.Rank));
            return condition.Length > length && condition.AsSpan((int)length).Contains(true)
                ? throw new ArrayIndexException($"A condition of {condition.Length} for an axis of length {length}. Pass at most one truth value per position.")
                : source.Take(Enumerable.Range(0, condition.Length).Where(i => condition[i]).ToArray(), axis ?? 0);
        }

        /// <summary>The chunks at block positions: <c>Blocks(0, ..2)</c>; axes stay.</summary>
        public DaskArray<T> Blocks(params IndexItem[] index)
        {
            var counts = Array.ConvertAll(array.Recipe.Chunks, c => (long)c.Length);
            var plan = IndexPlan.Resolve(counts, index);
            var source = array.Source;
            var chosen = plan.Axes.Select((a, axis) => Enumerable.Range(0, (int)a.Count).Select(i => (int)a.At(i)).ToArray()).ToArray();
            return new(BlockMap.Lower("blocks", plan.Axes, array.DType, [.. chosen.Select((c, axis) => c.Length == 0 ? [0L] : Array.ConvertAll(c, i => source.Chunks[axis][i]))], [source],
                position => [source.Key([.. position.Select((p, axis) => chosen[axis].Length == 0 ? 0 : chosen[axis][p])])],
                (blocks, position) => Indexer.Take(blocks[0], [.. blocks[0].Dimensions.Select((l, axis) => chosen[axis].Length == 0 ? new AxisIndex(0, 1, 0) : AxisIndex.Whole(l))])));
        }

        /// <summary>Without the entries at positions along an axis; of the flattened array without one.</summary>
        public DaskArray<T> Delete(IndexItem obj, int? axis = null)
        {
            var source = axis is null ? array.Ravel() : array;
            var place = Strided.Axis(axis ?? 0, source.Rank);
            var gone = IndexPlan.Resolve([source.Shape[place]], [obj]).Axes[0];
            var without = Enumerable.Range(0, (int)gone.Count).Select(i => gone.At(i)).ToHashSet();
            return source.Take(Enumerable.Range(0, (int)source.Shape[place]).Where(i => !without.Contains(i)).ToArray(), place);
        }

        /// <summary>Entries at positions along an axis, in the positions' shape, which takes the place of the axis.</summary>
        public DaskArray<T> Take(NDArray<long> indices, int? axis = null)
        {
            ArgumentNullException.ThrowIfNull(indices);
            var source = axis is null ? array.Ravel() : array;
            var place = Strided.Axis(axis ?? 0, source.Rank);
            var taken = source.Take(indices.ToArray(), place);
            return taken.Reshape((long[])[.. source.Recipe.Shape.Take(place), .. indices.Dimensions.Select(d => (long)d), .. source.Recipe.Shape.Skip(place + 1)]);
        }

        /// <summary>With values inserted before one position along an axis; they may be several.</summary>
        public DaskArray<T> Insert(int obj, DaskArray<T> values, int? axis = null)
        {
            var source = axis is null ? array.Ravel() : array;
            var place = Strided.Axis(axis ?? 0, source.Rank);
            var length = source.Shape[place];
            if (obj < -length || obj > length)
            {
                throw new ArrayIndexException($"Position {obj} is outside axis {place} of length {length}. Insert before 0 to {length}.");
            }

            var slab = values;
            while (slab.Rank < source.Rank)
            {
                slab = slab.ExpandDims(0);
            }

            slab = slab.MoveAxis(0, place);
            var shape = (long[])source.Recipe.Shape.Clone();
            shape[place] = slab.Shape[place];
            var cut = obj < 0 ? obj + length : obj;
            IndexItem[] before = [.. Enumerable.Repeat(IndexItem.All, source.Rank)], after = [.. before];
            (before[place], after[place]) = (new Slice(null, cut), new Slice(cut, null));
            return DaskArray.Concatenate([source[before], slab.BroadcastTo(shape), source[after]], place);
        }

        /// <summary>With values inserted before positions along an axis, one each; of the flattened array without one.</summary>
        public DaskArray<T> Insert(int[] obj, DaskArray<T> values, int? axis = null)
        {
            ArgumentNullException.ThrowIfNull(obj);
            var source = axis is null ? array.Ravel() : array;
            var place = Strided.Axis(axis ?? 0, source.Rank);
            var length = source.Shape[place];
            var before = Array.ConvertAll(obj, p => p >= -length && p <= length ? p < 0 ? p + length : p
                : throw new ArrayIndexException($"Position {p} is outside axis {place} of length {length}. Insert before 0 to {length}."));
            var order = Enumerable.Range(0, obj.Length).OrderBy(i => before[i]).ToArray();
            var shape = (long[])source.Recipe.Shape.Clone();
            shape[place] = obj.Length;
            var expanded = values.BroadcastTo(shape);
            var pieces = new List<DaskArray<T>>();
            long done = 0;
            IndexItem[] Along(Slice slice) => [.. Enumerable.Range(0, source.Rank).Select(a => a == place ? (IndexItem)slice : IndexItem.All)];
            foreach (var i in order)
            {
                if (before[i] > done)
                {
                    pieces.Add(source[Along(new Slice(done, before[i]))]);
                    done = before[i];
                }

                pieces.Add(expanded[Along(new Slice(i, i + 1))]);
            }

            pieces.Add(source[Along(new Slice(done, null))]);
            return DaskArray.Concatenate(pieces, place);
        }

        /// <summary>Pointwise: entry k is at position indices[0][k], indices[1][k], …; slices keep their axis, after the pointwise one.</summary>
        public DaskArray<T> VIndex(params IndexItem[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            IndexItem[] full = [.. indices, .. Enumerable.Repeat(IndexItem.All, Math.Max(0, array.Rank - indices.Length))];
            var plan = IndexPlan.Resolve(array.Recipe.Shape, full);
            int[] lists = [.. Enumerable.Range(0, array.Rank).Where(a => plan.Axes[a].List is not null)];
            if (lists.Length == 0)
            {
                return array[full];
            }

            var count = lists.Max(a => plan.Axes[a].List!.Length);
            if (Array.Exists(lists, a => plan.Axes[a].List!.Length != count && plan.Axes[a].List!.Length != 1))
            {
                throw new ArrayIndexException($"Lists of {string.Join(", ", lists.Select(a => plan.Axes[a].List!.Length))} positions don't pair up. Pass lists of one length.");
            }

            // The listed axes become one, walked by flat positions.
            int[] rest = [.. Enumerable.Range(0, array.Rank).Where(a => !lists.Contains(a))];
            long flat = 1;
            var positions = new long[count];
            foreach (var axis in lists)
            {
                var list = plan.Axes[axis].List!;
                for (var i = 0; i < count; i++)
                {
                    positions[i] = (positions[i] * array.Shape[axis]) + list[list.Length == 1 ? 0 : i];
                }

                flat *= array.Shape[axis];
            }

            var merged = array.Transpose([.. lists, .. rest]).Reshape((long[])[flat, .. rest.Select(a => array.Shape[a])]);
            IndexItem[] items = [positions, .. rest.Select(a => (IndexItem)new Slice(plan.Axes[a].Start, null, plan.Axes[a].Step))];
            var taken = merged[items];
            IndexItem[] limit = [IndexItem.All, .. rest.Select(a => (IndexItem)new Slice(0, plan.Axes[a].Count))];
            return taken[limit];
        }

        /// <summary>The positions of what is not zero, one array per axis, in row-major order; how many is known only when computed.</summary>
        public IReadOnlyList<DaskArray<long>> NonZero()
        {
            var flat = array.FlatNonZero();
            var result = new DaskArray<long>[array.Rank];
            for (var axis = array.Rank - 1; axis >= 0; axis--)
            {
                result[axis] = flat.Mod(array.Shape[axis]);
                flat = flat.FloorDivide(array.Shape[axis]);
            }

            return result;
        }

        /// <summary>The positions in the flattened array of what is not zero.</summary>
        public DaskArray<long> FlatNonZero() => new(MaskSelection.Positions(array.Recipe));

        /// <summary>The positions of what is not zero, one row each.</summary>
        public DaskArray<long> ArgWhere() => new(Join.Stack([.. array.NonZero().Select(p => p.Recipe)], 1));
    }

    /// <param name="array">Where to look.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        /// <summary>Where each value would be inserted to keep this sorted array sorted.</summary>
        /// <param name="values">What to look for.</param>
        /// <param name="side">"left": before equal ones, "right": after them.</param>
        public DaskArray<long> SearchSorted(DaskArray<T> values, string side = "left")
        {
            if (array.Rank != 1)
            {
                throw new ShapeException($"SearchSorted looks in one axis, found shape {Strided.Text(array.Recipe.Shape)}.");
            }

            if (side is not ("left" or "right"))
            {
                throw new ArrayException($"Side '{side}' is unknown. Pass \"left\" or \"right\".");
            }

            var sorted = BlockMap.Whole(array.Recipe, 0).Materialize();
            var wanted = values.Source;
            var right = side == "right";
            return new(BlockMap.Lower("searchsorted", side, DType.Int64, wanted.Chunks, [sorted, wanted], position => [sorted.Key(0), wanted.Key(position)],
                (blocks, _) => Orleans.Dask.Arrays.Kernels.BinarySearch.Positions((NDArray<T>)blocks[0], (NDArray<T>)blocks[1], right)));
        }
    }

    /// <param name="condition">What is kept.</param>
    extension<TCondition>(DaskArray<TCondition> condition)
        where TCondition : unmanaged
    {
        /// <summary>The flattened entries of an array where the flattened condition is not zero.</summary>
        public DaskArray<T> Extract<T>(DaskArray<T> array)
            where T : unmanaged => array.Ravel()[condition.Ravel().AsType<bool>()];
    }
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// An elementwise expression as straight-line code over tiles: each instruction fills one register, the last one is the
/// result. Evaluated tile by tile, so that a chain of functions goes once through memory.
/// </summary>
[PayloadCodec(typeof(TileProgramCodec))]
internal sealed class TileProgram
{
    private Prepared? _prepared;

    /// <exception cref="ArgumentException">A step reads what is not there before it, or as another type than it is.</exception>
    public TileProgram(int rank, Instruction[] code)
    {
        ProgramCheck.Require(rank, code);
        (Rank, Code) = (rank, code);
        Leaves = code.Where(i => i.Step == TileStep.Load).Select(i => i.Leaf + 1).DefaultIfEmpty(0).Max();
        HasSources = Array.Exists(code, i => i.Step == TileStep.Source);
    }

    /// <summary>Axes of the result.</summary>
    public int Rank { get; }

    public Instruction[] Code { get; }

    /// <summary>Element type of the result.</summary>
    public DType Type => Code[^1].Type;

    public int Leaves { get; }

    public bool HasSources { get; }

    internal Prepared Ready => _prepared ??= Prepare();

    private Prepared Prepare()
    {
        var kernels = new TileKernel?[Code.Length];
        var last = new int[Code.Length];
        for (var i = 0; i < Code.Length; i++)
        {
            var step = Code[i];
            kernels[i] = step.Step switch
            {
                TileStep.Call => Ufuncs.Find(step.Name!).Kernel(step.Loop),
                TileStep.Cast => Ufuncs.Cast(Code[step.Inputs[0]].Type, step.Type),
                TileStep.Where => Ufuncs.Where(step.Type),
                TileStep.Custom => (TileKernel)step.Value!,
                _ => null,
            };
            foreach (var input in step.Inputs)
            {
                last[input] = i;
            }
        }

        // A register that nobody reads any more gives its room to the next of its width.
        var slots = new int[Code.Length];
        var sizes = new List<int>();
        var free = new Dictionary<int, Stack<int>>();
        for (var i = 0; i < Code.Length; i++)
        {
            var size = Code[i].Type.Size();
            if (kernels[i] is not null)
            {
                foreach (var input in Code[i].Inputs.Distinct())
                {
                    if (last[input] == i && kernels[input] is not null)
                    {
                        var width = Code[input].Type.Size();
                        (free.TryGetValue(width, out var stack) ? stack : free[width] = new Stack<int>()).Push(slots[input]);
                    }
                }
            }

            if (kernels[i] is not null && free.TryGetValue(size, out var room) && room.Count > 0)
            {
                slots[i] = room.Pop();
                continue;
            }

            slots[i] = sizes.Count;
            sizes.Add(size);
        }

        return new Prepared(kernels, slots, [.. sizes]);
    }

    /// <param name="Kernels">Per instruction; null for loads, constants and sources.</param>
    /// <param name="Slots">Per instruction, the buffer that holds its tile.</param>
    /// <param name="SlotSizes">Per buffer, bytes of an element.</param>
    internal sealed record Prepared(TileKernel?[] Kernels, int[] Slots, int[] SlotSizes);
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Rank and steps. What arrives goes through the constructor: no bytes can make a program whose pointers step outside.</summary>
internal sealed class TileProgramCodec : PayloadCodec<TileProgram>
{
    /// <inheritdoc/>
    public override void Write(PayloadWriter writer, TileProgram value)
    {
        writer.WriteVarUInt((uint)value.Rank);
        writer.WriteValue(value.Code);
    }

    /// <inheritdoc/>
    public override TileProgram Read(ref PayloadReader reader)
    {
        var rank = reader.ReadVarUInt();
        var code = reader.ReadValue<Instruction[]>();
        try
        {
            return new TileProgram((int)Math.Min(rank, int.MaxValue), code);
        }
        catch (ArgumentException wrong)
        {
            throw new PayloadException($"the program of a kernel is unsound: {wrong.Message}", wrong);
        }
    }
}

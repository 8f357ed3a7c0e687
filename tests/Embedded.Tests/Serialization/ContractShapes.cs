using Orleans.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

// Interfaces that break one rule each, for ContractTests.

internal sealed class BareType
{
    public int Number { get; set; }
}

internal enum BareEnum
{
    None,
}

[GenerateSerializer, Alias("test.Outer")]
internal sealed class Outer
{
    [Id(0)] public Dictionary<string, Inner[]>? Inner { get; set; }
}

[GenerateSerializer, Alias("test.Inner")]
internal sealed record Inner([property: Id(0)] BareType? Bare, [property: Id(1)] Outer? Outer);

[GenerateSerializer]
internal sealed class NoAlias;

[GenerateSerializer, Alias("test.NoId")]
internal sealed class NoId
{
    private int _cache;

    [Id(0)] public int Kept { get; set; }

    public int Forgotten { get; set; }

    [field: NonSerialized] public int LeftOut { get; set; }

    public int Computed => ++_cache;
}

[GenerateSerializer, Alias("test.NoIdRecord")]
internal sealed record NoIdRecord([property: Id(0)] int A, int B);

internal class Undeclared
{
    public int Lost { get; set; }
}

[GenerateSerializer, Alias("test.LostBase")]
internal sealed class LostBase : Undeclared;

[GenerateSerializer, Alias("test.TwiceId")]
internal sealed record TwiceId([property: Id(0)] int A, [property: Id(0)] int B);

[GenerateSerializer, Alias("test.Known")]
internal abstract class Known;

[GenerateSerializer, Alias("test.Unknown")]
internal sealed class Unknown : Known
{
    [Id(0)] public BareType? Bare { get; set; }
}

internal sealed class HalfForeign;

[GenerateSerializer, Alias("test.HalfForeignSurrogate")]
internal struct HalfForeignSurrogate
{
    [Id(0)] public BareType Bare { get; set; }
}

[RegisterConverter]
internal sealed class HalfForeignConverter : IConverter<HalfForeign, HalfForeignSurrogate>
{
    public HalfForeign ConvertFromSurrogate(in HalfForeignSurrogate surrogate) => new();

    public HalfForeignSurrogate ConvertToSurrogate(in HalfForeign value) => default;
}

[Alias("test.IBareType")]
internal interface IBareType : IGrainWithStringKey
{
    Task Run(BareType value);
}

[Alias("test.IBareResult")]
internal interface IBareResult : IGrainWithStringKey
{
    Task<List<BareType>> Run();
}

[Alias("test.IDeep")]
internal interface IDeep : IGrainWithStringKey
{
    Task Run(Outer value);
}

[Alias("test.INoAlias")]
internal interface INoAlias : IGrainWithStringKey
{
    Task Run(NoAlias value);
}

[Alias("test.INoId")]
internal interface INoId : IGrainWithStringKey
{
    Task Run(NoId value);
}

[Alias("test.INoIdRecord")]
internal interface INoIdRecord : IGrainWithStringKey
{
    Task Run(NoIdRecord value);
}

[Alias("test.ILostBase")]
internal interface ILostBase : IGrainWithStringKey
{
    Task Run(LostBase value);
}

[Alias("test.ITwiceId")]
internal interface ITwiceId : IGrainWithStringKey
{
    Task Run(TwiceId value);
}

[Alias("test.IBareEnum")]
internal interface IBareEnum : IGrainWithStringKey
{
    Task Run(BareEnum value);
}

[Alias("test.IDerived")]
internal interface IDerived : IGrainWithStringKey
{
    Task Run(Known value);
}

[Alias("test.IVoid")]
internal interface IVoid : IGrainWithStringKey
{
    void Run();
}

[Alias("test.ISynchronous")]
internal interface ISynchronous : IGrainWithStringKey
{
    int Run();
}

[Alias("test.IGenericMethod")]
internal interface IGenericMethod : IGrainWithStringKey
{
    Task Run<T>(T value);
}

[Alias("test.IByRef")]
internal interface IByRef : IGrainWithStringKey
{
    Task Run(ref int value);
}

[Alias("test.IProperty")]
internal interface IProperty : IGrainWithStringKey
{
    string Name { get; }
}

[Alias("test.IOverloads")]
internal interface IOverloads : IGrainWithStringKey
{
    Task Run(int value);

    Task Run(string value);
}

[Alias("test.ITokenFirst")]
internal interface ITokenFirst : IGrainWithStringKey
{
#pragma warning disable CA1068 // The wrong order is what is tested.
    Task Run(CancellationToken token, int value);
#pragma warning restore CA1068
}

internal interface INoGrain
{
    Task Run();
}

[Alias("test.IInherits")]
internal interface IInherits : IBareType
{
    Task Stop();
}

[Alias("test.IDelegate")]
internal interface IDelegate : IGrainWithStringKey
{
    Task Run(Func<int> work);
}

[Alias("test.ISurrogate")]
internal interface ISurrogate : IGrainWithStringKey
{
    Task Run(HalfForeign value);
}

internal interface IMany : IGrainWithStringKey
{
    void First();

    Task Second(BareType value);

    Task<NoAlias> Third();
}

[Alias("test.ISound")]
internal interface ISound : IGrainWithStringKey
{
    Task<Dictionary<string, (int, Color?)>> First(Everything all, Shape shape, object any, Exception error, IReadOnlyList<Key> keys, ISound other, CancellationToken cancellationToken);

    ValueTask Second(ReadOnlyMemory<byte> block, Foreign foreign, Box<Color[]> box, InvalidOperationException error);

    IAsyncEnumerable<Person> Third();
}

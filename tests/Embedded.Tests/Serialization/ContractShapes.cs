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

internal interface IBareType : IGrainWithStringKey
{
    Task Run(BareType value);
}

internal interface IBareResult : IGrainWithStringKey
{
    Task<List<BareType>> Run();
}

internal interface IDeep : IGrainWithStringKey
{
    Task Run(Outer value);
}

internal interface INoAlias : IGrainWithStringKey
{
    Task Run(NoAlias value);
}

internal interface INoId : IGrainWithStringKey
{
    Task Run(NoId value);
}

internal interface INoIdRecord : IGrainWithStringKey
{
    Task Run(NoIdRecord value);
}

internal interface ILostBase : IGrainWithStringKey
{
    Task Run(LostBase value);
}

internal interface ITwiceId : IGrainWithStringKey
{
    Task Run(TwiceId value);
}

internal interface IBareEnum : IGrainWithStringKey
{
    Task Run(BareEnum value);
}

internal interface IDerived : IGrainWithStringKey
{
    Task Run(Known value);
}

internal interface IVoid : IGrainWithStringKey
{
    void Run();
}

internal interface ISynchronous : IGrainWithStringKey
{
    int Run();
}

internal interface IGenericMethod : IGrainWithStringKey
{
    Task Run<T>(T value);
}

internal interface IByRef : IGrainWithStringKey
{
    Task Run(ref int value);
}

internal interface IProperty : IGrainWithStringKey
{
    string Name { get; }
}

internal interface IOverloads : IGrainWithStringKey
{
    Task Run(int value);

    Task Run(string value);
}

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

internal interface IInherits : IBareType
{
    Task Stop();
}

internal interface IDelegate : IGrainWithStringKey
{
    Task Run(Func<int> work);
}

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

internal interface ISound : IGrainWithStringKey
{
    Task<Dictionary<string, (int, Color?)>> First(Everything all, Shape shape, object any, Exception error, IReadOnlyList<Key> keys, ISound other, CancellationToken cancellationToken);

    ValueTask Second(ReadOnlyMemory<byte> block, Foreign foreign, Box<Color[]> box, InvalidOperationException error);

    IAsyncEnumerable<Person> Third();
}

using System.Reflection;
using System.Reflection.Emit;
using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

public class ContractTests
{
    [Theory]
    [InlineData(typeof(IBareType), "IBareType.Run(BareType value)", "BareType cannot cross the wire. Add [GenerateSerializer] and [Alias")]
    [InlineData(typeof(IBareResult), "IBareResult.Run returns List<BareType>", "BareType cannot cross the wire")]
    [InlineData(typeof(IDeep), "IDeep.Run(Outer value) → Outer.Inner → Inner.Bare", "BareType cannot cross the wire")]
    [InlineData(typeof(INoAlias), "INoAlias.Run(NoAlias value)", "has no [Alias]")]
    [InlineData(typeof(INoId), "INoId.Run(NoId value)", "NoId.Forgotten has no [Id]")]
    [InlineData(typeof(INoIdRecord), "INoIdRecord.Run(NoIdRecord value)", "[property: Id(n)]")]
    [InlineData(typeof(ILostBase), "ILostBase.Run(LostBase value)", "whose members would be lost")]
    [InlineData(typeof(ITwiceId), "ITwiceId.Run(TwiceId value)", "both have [Id(0)]")]
    [InlineData(typeof(IBareEnum), "IBareEnum.Run(BareEnum value)", "BareEnum cannot cross the wire")]
    [InlineData(typeof(IDerived), "IDerived.Run(Known value) ← Unknown → Unknown.Bare", "BareType cannot cross the wire")]
    [InlineData(typeof(IVoid), "IVoid.Run returns Void", "Return Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>")]
    [InlineData(typeof(ISynchronous), "ISynchronous.Run returns Int32", "Return Task")]
    [InlineData(typeof(IGenericMethod), "IGenericMethod.Run is generic", "Make the interface generic")]
    [InlineData(typeof(IByRef), "passed by reference", "Return the value instead")]
    [InlineData(typeof(IProperty), "IProperty.Name is a property", "Task<String> GetNameAsync()")]
    [InlineData(typeof(IOverloads), "IOverloads has two methods called 'Run'", "[Alias")]
    [InlineData(typeof(ITokenFirst), "ITokenFirst.Run(CancellationToken token)", "Put the CancellationToken last")]
    [InlineData(typeof(INoGrain), "is no grain interface", "IGrainWithStringKey")]
    [InlineData(typeof(IInherits), "IBareType.Run(BareType value)", "BareType cannot cross the wire")]
    [InlineData(typeof(IDelegate), "IDelegate.Run(Func<Int32> work)", "cannot cross the wire")]
    [InlineData(typeof(IMany), "IMany has no [Alias]", "renaming the interface")]
    [InlineData(typeof(ISurrogate), "ISurrogate.Run(HalfForeign value) → HalfForeignSurrogate → HalfForeignSurrogate.Bare", "BareType cannot cross the wire")]
    public void A_broken_contract_names_the_place_and_the_way_out(Type contract, string place, string wayOut)
    {
        var error = Assert.Throws<GrainContractException>(() => WireContracts.Check(contract));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, error.Message, StringComparison.Ordinal);
        Assert.Throws<GrainContractException>(() => GrainInterfaces.Get(contract));
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var error = Assert.Throws<GrainContractException>(() => WireContracts.Check(typeof(IMany)));
        Assert.Equal(4, error.Message.Split(Environment.NewLine + "- ").Length - 1);
    }

    [Fact]
    public void A_sound_contract_passes()
    {
        WireContracts.Check(typeof(ISound));
        Assert.Equal(3, GrainInterfaces.Get(typeof(ISound)).Methods.Count);
    }

    [Fact]
    public void Two_types_of_one_name_are_refused_and_neither_displaces_the_other()
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Twins"), AssemblyBuilderAccess.Run).DefineDynamicModule("Twins");
        var first = Named(module, "First", "test.twin");
        var second = Named(module, "Second", "test.twin");
        var error = Assert.Throws<WireException>(() => WireTypes.Register([first, second]));
        Assert.Contains("First", error.Message, StringComparison.Ordinal);
        Assert.Contains("Second", error.Message, StringComparison.Ordinal);
        Assert.Contains("'test.twin'", error.Message, StringComparison.Ordinal);
        Assert.Null(WireTypes.FindPlain("test.twin"));

        WireTypes.Register([first]);
        WireTypes.Register([first]);
        Assert.Throws<WireException>(() => WireTypes.Register([second]));
        Assert.Same(first, WireTypes.FindPlain("test.twin"));
        Assert.Throws<WireException>(() => WireTypes.Register([Named(module, "Stolen", "string")]));
        Assert.Throws<WireException>(() => WireTypes.Register([Named(module, "Odd", "a<b>")]));
    }

    private static Type Named(ModuleBuilder module, string name, string alias)
    {
        var type = module.DefineType(name, TypeAttributes.Public);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(GenerateSerializerAttribute).GetConstructor([])!, []));
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(AliasAttribute).GetConstructor([typeof(string)])!, [alias]));
        return type.CreateType();
    }
}

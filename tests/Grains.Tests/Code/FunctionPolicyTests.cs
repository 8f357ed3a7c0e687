using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Code;

public class FunctionPolicyTests
{
    private static readonly SessionId Session = new("s");
    private static readonly string Here = typeof(FunctionPolicyTests).Assembly.GetName().Name!;

    [Fact]
    public async Task Marked_functions_of_listed_assemblies_may_be_named()
    {
        Assert.Equal(4, (await ReadAsync<Func<int, int>>(Marked, Here))(2));
        Assert.Equal(5, (await ReadAsync<Func<int, int>>(Kernels.AddThree(), Here))(2));
        var numbers = await ReadAsync(new[] { 1, 2 });
        Assert.Equal([1, 2], numbers);
        Assert.Equal(new Row(1), await ReadAsync<Row>(new Row(1), Here));
    }

    [Fact]
    public async Task All_else_is_refused_with_the_way_out()
    {
        Assert.Contains("not marked [DaskFunction]", await RefusedAsync((Func<int, int>)Unmarked, Here), StringComparison.Ordinal);
        Assert.Contains("not marked [DaskFunction]", await RefusedAsync((Func<int, int>)(x => x), Here), StringComparison.Ordinal);
        Assert.Contains("AllowClientCode=false", await RefusedAsync((Func<int, int>)Marked), StringComparison.Ordinal);
        Assert.Contains("Listed are: none", await RefusedAsync((Func<int, int>)Marked), StringComparison.Ordinal);
        Assert.Contains("File.Delete", await RefusedAsync((Action<string>)File.Delete, Here), StringComparison.Ordinal);
        Assert.Contains("FunctionPolicyTests+Row", await RefusedAsync(new Row(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_is_neither_taken_nor_fetched()
    {
        using var client = new Compiled();
        var program = client.Add("Unwelcome", "public class C { public static Func<int> F() => () => 7; }");
        var options = new CodeOptions { AllowClientCode = false };
        var store = new CodeStore(options);
        var bytes = Compiled.Bytes(program);
        Assert.Contains("AllowClientCode=false", Assert.Throws<CodeException>(
            () => store.Write(Session, Compiled.Id(program).Sha256, 0, bytes.Length, bytes)).Message, StringComparison.Ordinal);
        var codes = new SessionCodes(store, options, session => new ScriptedCodeGrain(session, store), TimeProvider.System);
        var payload = Payload.FromBytes(Payload.Of(Compiled.Call<Func<int>>(program, "F")).Encode());
        var error = await Assert.ThrowsAsync<CodeException>(async () => await codes.PrepareAsync(Session, payload));
        Assert.Contains("Unwelcome", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.Missing);
    }

    private static async Task<T> ReadAsync<T>(T value, params string[] listed)
    {
        var options = new CodeOptions { AllowClientCode = false, FunctionAssemblies = listed };
        var store = new CodeStore(options);
        var codes = new SessionCodes(store, options, session => new ScriptedCodeGrain(session, store), TimeProvider.System);
        var payload = Payload.FromBytes(Payload.Of(value).Encode());
        return payload.Read<T>(await codes.PrepareAsync(Session, payload));
    }

    private static async Task<string> RefusedAsync<T>(T value, params string[] listed) =>
        (await Assert.ThrowsAsync<PayloadException>(() => ReadAsync(value, listed))).Message;

    [DaskFunction]
    private static int Marked(int x) => x * 2;

    private static int Unmarked(int x) => x;

    internal sealed record Row(int Number);

    [DaskFunction]
    private static class Kernels
    {
        public static Func<int, int> AddThree()
        {
            var three = 3;
            return x => x + three;
        }
    }
}

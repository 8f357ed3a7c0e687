using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Code;

public sealed class SessionCodeTests : IDisposable
{
    private static readonly SessionId A = new("a");
    private static readonly SessionId B = new("b");

    private readonly Compiled _client = new();
    private readonly CodeStore _elsewhere = new(new CodeOptions());
    private readonly CodeStore _here = new(new CodeOptions());
    private readonly SessionCodes _codes;

    public SessionCodeTests() => _codes = new SessionCodes(_here, new CodeOptions(), session => new ScriptedCodeGrain(session, _elsewhere), TimeProvider.System);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_lambda_runs_with_the_assemblies_its_own_refers_to()
    {
        _client.Add("Deep", "public static class Deep { public static int Ten => 10; }");
        var lib = _client.Add("Lib", "public static class Lib { public static int Scale(int x) => x * Deep.Ten; }");
        var program = _client.Add("Program1", "public class C { public static Func<int, int> F() { var by = 2; return x => Lib.Scale(x) + by; } }");
        var payload = Sent(Compiled.Call<Func<int, int>>(program, "F"));
        Assert.Equal(["Program1"], payload.Assemblies.Select(a => a.Name));
        await Grain(A).BringAsync(program, lib, System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(lib)!.Assemblies.Single(a => a.GetName().Name == "Deep"));

        var f = payload.Read<Func<int, int>>(await _codes.PrepareAsync(A, payload));
        Assert.Equal(52, f(5));
        Assert.NotSame(program, f.Method.Module.Assembly);
    }

    [Fact]
    public async Task Two_sessions_run_two_builds_of_one_assembly()
    {
        using var other = new Compiled();
        var one = _client.Add("Same", "public class C { public static Func<int> F() => () => 1; }");
        var two = other.Add("Same", "public class C { public static Func<int> F() => () => 2; }");
        await Grain(A).BringAsync(one);
        await Grain(B).BringAsync(two);
        var first = Sent(Compiled.Call<Func<int>>(one, "F"));
        var second = Sent(Compiled.Call<Func<int>>(two, "F"));
        var f = first.Read<Func<int>>(await _codes.PrepareAsync(A, first));
        var g = second.Read<Func<int>>(await _codes.PrepareAsync(B, second));
        Assert.Equal((1, 2), (f(), g()));

        // The code of one session is not there for another, and none replaces it.
        Assert.Equal(second.Assemblies, (await Assert.ThrowsAsync<CodeException>(async () => await _codes.PrepareAsync(A, second))).Missing);
        await Grain(A).BringAsync(two);
        Assert.Contains("another build", (await Assert.ThrowsAsync<CodeException>(async () => await _codes.PrepareAsync(A, second))).Message, StringComparison.Ordinal);
        Assert.Equal(1, f());
    }

    [Fact]
    public async Task Code_is_unloaded_when_its_session_ends()
    {
        var program = _client.Add("Leaving", """
            public record R(int N, List<R> Inner); public struct S { public string Text; public int N; }
            public class C {
                public static Func<int, object> F() { var s = new S { Text = "t", N = 1 }; return x => new R(x + s.N, new List<R> { new R(2, null) }); }
                public static Func<List<R>, int> G() => rs => rs.Count;
            }
            """);
        await Grain(A).BringAsync(program);
        var payload = Sent(Compiled.Call<Func<int, object>>(program, "F"));
        var task = Sent(DelegateFunction.Of(Compiled.Call<Delegate>(program, "G")));
        var weak = await UseAsync(payload, task);
        _codes.End(A);
        for (var i = 0; i < 20 && weak.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(weak.IsAlive);
        Assert.Empty(_here.Told(A));
    }

    [Fact]
    public async Task Code_that_is_not_to_be_unloaded_is_still_its_sessions_own()
    {
        var program = _client.Add("Staying", "public class C { static int n; public static Func<int> F() => () => ++n; }");
        await Grain(A).BringAsync(program);
        await Grain(B).BringAsync(program);
        var codes = new SessionCodes(_here, new CodeOptions { UnloadsCode = false }, Grain, TimeProvider.System);
        var payload = Sent(Compiled.Call<Func<int>>(program, "F"));
        var (f, g) = (payload.Read<Func<int>>(await codes.PrepareAsync(A, payload)), payload.Read<Func<int>>(await codes.PrepareAsync(B, payload)));
        Assert.Equal((1, 2, 1), (f(), f(), g()));
        Assert.False(f.Method.Module.Assembly.IsCollectible);
        codes.End(A);
        Assert.Equal(3, f());
    }

    [Fact]
    public void Code_without_a_file_is_refused_where_it_is_encoded()
    {
        var program = _client.Add("Bundled", "public class C { public static Func<int> F() => () => 7; }");
        var bundled = System.Reflection.Assembly.Load(Compiled.Bytes(program));
        var error = Assert.Throws<PayloadException>(() => Payload.Of(Compiled.Call<Func<int>>(bundled, "F")).Encode());
        Assert.Contains("'Bundled' can't travel", error.Message, StringComparison.Ordinal);
        Assert.Contains("PublishSingleFile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_in_the_silos_process_meets_its_own_types()
    {
        var payload = Sent((Func<int, Mine>)(x => new Mine(x)));
        var f = payload.Read<Func<int, Mine>>(await _codes.PrepareAsync(A, payload));
        Assert.Equal(new Mine(3), f(3));
        Assert.Equal(0, Grain(A).Reads);
        Assert.Same(typeof(Mine).Assembly, _codes.Of(A).Resolve(LoadedCode.IdentityOf(typeof(Mine).Assembly)));
    }

    [Fact]
    public async Task Code_that_was_lost_is_asked_for_and_brought_again()
    {
        var program = _client.Add("Lost", "public class C { public static Func<int> F() => () => 7; }");
        var payload = Sent(Compiled.Call<Func<int>>(program, "F"));
        var error = await Assert.ThrowsAsync<CodeException>(async () => await _codes.PrepareAsync(A, payload));
        Assert.Equal([Compiled.Id(program)], error.Missing);
        await Grain(A).BringAsync(program);
        await Grain(A).EndAsync();
        Assert.Equal([Compiled.Id(program)], (await Assert.ThrowsAsync<CodeException>(async () => await _codes.PrepareAsync(A, payload))).Missing);
        await Grain(A).BringAsync(program);
        Assert.Equal(7, payload.Read<Func<int>>(await _codes.PrepareAsync(A, payload))());

        // Once here it stays, whatever becomes of the grain's silo.
        await Grain(A).EndAsync();
        Assert.Equal(7, payload.Read<Func<int>>(await _codes.PrepareAsync(A, payload))());
    }

    [Fact]
    public async Task Many_tasks_that_need_the_same_code_fetch_it_once()
    {
        var program = _client.Add("Popular", "public class C { public static Func<int> F() => () => 7; }");
        var grain = new ScriptedCodeGrain(A, _elsewhere);
        await grain.BringAsync(program);
        var codes = new SessionCodes(_here, new CodeOptions(), _ => grain, TimeProvider.System);
        var payload = Sent(Compiled.Call<Func<int>>(program, "F"));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Factory.StartNew(
            () => codes.PrepareAsync(A, payload).AsTask(), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));
        Assert.Equal(1, grain.Reads);
    }

    [Fact]
    public async Task Values_of_shipped_types_name_the_build_they_came_from()
    {
        var program = _client.Add("Round", "public record R(int N); public class C { public static Func<object> F() => () => new R(5); public static string Show(object o) => ((R)o).ToString(); }");
        await Grain(A).BringAsync(program);
        var payload = Sent(Compiled.Call<Func<object>>(program, "F"));
        var value = payload.Read<Func<object>>(await _codes.PrepareAsync(A, payload))();
        Assert.Equal([Compiled.Id(program)], Payload.Of(value).Assemblies);
        var back = Sent(value).Read<object>(_codes.Of(A).Decoding);
        Assert.Equal(value, back);
    }

    [Fact]
    public void Files_are_taken_in_pieces_checked_and_bounded()
    {
        var program = _client.Add("Pieces", "public class C { public static int F() => 1; }");
        var (id, bytes) = (Compiled.Id(program), Compiled.Bytes(program));
        Assert.Equal(0, _here.Write(A, id.Sha256, 500, bytes.Length, bytes[500..]));
        Assert.Equal(600, _here.Write(A, id.Sha256, 0, bytes.Length, bytes[..600]));
        Assert.Equal(600, _here.Write(A, id.Sha256, 0, bytes.Length, bytes[..600]));
        Assert.Equal(600, _here.Write(A, id.Sha256, 700, bytes.Length, bytes[700..]));
        Assert.Equal(bytes.Length, _here.Write(A, id.Sha256, 600, bytes.Length, bytes[600..]));
        Assert.True(_here.TryGet(id.Sha256, out var whole));
        Assert.Equal(bytes, whole);
        Assert.Equal(bytes.Length, _here.Write(B, id.Sha256, 0, bytes.Length, bytes[..1]));
        _here.End(A);
        Assert.True(_here.TryGet(id.Sha256, out _));
        _here.End(B);
        Assert.False(_here.TryGet(id.Sha256, out _));

        var forged = bytes.ToArray();
        forged[^1] ^= 1;
        Assert.Contains("not those of", Assert.Throws<CodeException>(() => _here.Write(A, id.Sha256, 0, forged.Length, forged)).Message, StringComparison.Ordinal);
        Assert.False(_here.TryGet(id.Sha256, out _));
        var small = new CodeStore(new CodeOptions { BytesPerSession = 1000 });
        Assert.Contains("BytesPerSession", Assert.Throws<CodeException>(() => small.Write(A, id.Sha256, 0, bytes.Length, bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_what_the_client_said_is_not_run()
    {
        var program = _client.Add("Liar", "public class C { public static Func<int> F() => () => 7; }");
        var id = Compiled.Id(program) with { Mvid = Guid.Empty };
        var code = new SessionCode(A, new CodeOptions());
        code.Add(id, Compiled.Bytes(program));
        Assert.Throws<CodeException>(() => code.Resolve(id));
        await _elsewhere.WriteAll(A, [id], "not an assembly"u8.ToArray());
        var payload = Sent(Compiled.Call<Func<int>>(program, "F"));
        await Assert.ThrowsAsync<CodeException>(async () => await _codes.PrepareAsync(A, payload));
    }

    private static Payload Sent(object value) => Payload.FromBytes(Payload.Of(value).Encode());

    // In a frame of its own, so that nothing of the session stays on the test's stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> UseAsync(Payload payload, Payload task)
    {
        var f = payload.Read<Func<int, object>>(await _codes.PrepareAsync(A, payload));
        var value = f(1);
        Assert.Equal(value.ToString(), Sent(value).Read<object>(_codes.Of(A).Decoding)!.ToString());
        Assert.True(ValueSize.Of(value) > 0);
        var count = await task.Read<TaskFunction>(_codes.Of(A).Decoding).InvokeAsync([new object?[] { value }], new TaskContext(new TaskKey("count"), 1, CancellationToken.None));
        Assert.Equal(1, count);
        return new WeakReference(f.Method.Module.Assembly);
    }

    private ScriptedCodeGrain Grain(SessionId session) => new(session, _elsewhere);

    internal sealed record Mine(int Number);
}

internal static class CodeStoreExtensions
{
    public static Task WriteAll(this CodeStore store, SessionId session, AssemblyIdentity[] ids, byte[] bytes)
    {
        store.Tell(session, ids);
        Assert.Throws<CodeException>(() => store.Write(session, ids[0].Sha256, 0, bytes.Length, bytes));
        return Task.CompletedTask;
    }
}

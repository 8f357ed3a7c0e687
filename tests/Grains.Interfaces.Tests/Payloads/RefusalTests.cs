using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

public class RefusalTests
{
    public static TheoryData<string, Func<object>> Refused => new()
    {
        { "SafeFileHandle", () => new SafeFileHandle(-1, ownsHandle: false) },
        { "Stream", () => new MemoryStream() },
        { "IntPtr", () => (nint)1 },
        { "IntPtr[]", () => new nint[1] },
        { "pointer", () => new Pointing() },
        { "Type", () => typeof(int) },
        { "Method", () => MethodBase.GetCurrentMethod()! },
        { "Assembly", () => typeof(int).Assembly },
        { "finalizer", () => new Finalized() },
        { "Thread", () => Thread.CurrentThread },
        { "Task", () => Task.CompletedTask },
        { "Task", () => Task.FromResult(1) },
        { "ValueTask", () => new ValueTask<int>(1) },
        { "CancellationToken", () => CancellationToken.None },
        { "CancellationTokenSource", () => new CancellationTokenSource() },
        { "SemaphoreSlim", () => new SemaphoreSlim(1) },
        { "Lock", () => typeof(Lock).GetConstructor([])!.Invoke(null) },
        { "ManualResetEvent", () => new ManualResetEvent(false) },
        { "TaskCompletionSource", () => new TaskCompletionSource<int>() },
        { "Random", () => new Random(1) },
        { "lazy sequence", () => new[] { 1 }.Where(x => x > 0) },
        { "HttpClient", () => new HttpClient() },
        { "derives from", () => new Registry() },
        { "run time", () => Expression.Lambda<Func<int>>(Expression.Constant(1)).Compile() },
        { "run time", () => Dynamic() },
        { "no file", () => Activator.CreateInstance(InMemoryType())! },
        { "begins at 1", () => Array.CreateInstance(typeof(int), [2, 2], [1, 1]) },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_belongs_to_a_process_is_refused_by_name(string told, Func<object> make)
    {
        var value = make();
        Assert.Contains(told, Travel.Refused(value).Message, StringComparison.Ordinal);
        Assert.Contains(told, Travel.Refused(new[] { value }).Message, StringComparison.Ordinal);
        Assert.Contains(told, Travel.Refused((Func<object>)(() => value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_names_the_path()
    {
        using var stream = new MemoryStream();
        var holder = new Holder { Inner = [new Holder(), new Holder { Resource = stream }] };
        Func<object> f = () => holder;
        var error = Travel.Refused(f);
        Assert.Equal("closure.captured 'holder'.Inner[1].Resource", error.Path);
        Assert.Contains("System.IO.MemoryStream can't travel", error.Message, StringComparison.Ordinal);
        Assert.Contains("Open it inside the task", error.Message, StringComparison.Ordinal);
        Assert.Equal("[\"open\"][7]", Travel.Refused(new Dictionary<string, object> { ["open"] = new Dictionary<int, Stream> { [7] = stream } }).Path);
        Assert.Equal("[0]", Travel.Refused(new object[] { stream }).Path);
    }

    [Fact]
    public void A_path_stays_readable_in_a_deep_graph()
    {
        using var stream = new MemoryStream();
        var holder = new Holder { Resource = stream };
        for (var i = 0; i < 90; i++)
        {
            holder = new Holder { Inner = [holder] };
        }

        Assert.InRange(Travel.Refused(holder).Path.Length, 100, 500);
    }

    [Fact]
    public void Null_in_such_a_place_is_no_harm() => Assert.Null(Travel.Through(new Holder()).Resource);

    [Fact]
    public void Subscribers_of_an_event_are_refused_and_an_event_without_them_is_not()
    {
        var source = new Source { Number = 3 };
        Assert.Equal(3, Travel.Through(source).Number);
        source.Changed += (_, _) => { };
        Assert.Contains("event 'Changed'", Travel.Refused(source).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_beyond_the_limits_is_refused_where_it_is_encoded()
    {
        var small = new PayloadOptions { Limits = new PayloadLimits { Bytes = 1000, Objects = 10 } };
        Assert.Contains("1,000", Assert.Throws<PayloadException>(() => Payload.Of(new byte[1001]).Encode(small)).Message, StringComparison.Ordinal);
        Assert.Contains("1,000", Assert.Throws<PayloadException>(() => Payload.Of(new byte[100_000]).Encode(small)).Message, StringComparison.Ordinal);
        Assert.Contains("10 objects", Assert.Throws<PayloadException>(() => Payload.Of(Enumerable.Range(0, 20).Select(_ => new object()).ToArray()).Encode(small)).Message, StringComparison.Ordinal);
    }

    private static Func<int> Dynamic()
    {
        var method = new DynamicMethod("one", typeof(int), []);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>();
    }

    private static Type InMemoryType()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("InMemory"), AssemblyBuilderAccess.Run);
        return assembly.DefineDynamicModule("m").DefineType("T", TypeAttributes.Public).CreateType();
    }

    internal sealed class Holder
    {
        public Stream? Resource;
        public Holder[]? Inner;
    }

    internal sealed class Source
    {
        public event EventHandler? Changed;

        public int Number { get; set; }

        public void Raise() => Changed?.Invoke(this, EventArgs.Empty);
    }

    internal sealed class Finalized
    {
        public int Number = 1;

        ~Finalized() => Number = 0;
    }

    internal sealed unsafe class Pointing
    {
        public int* Where = null;
    }

    internal sealed class Registry : Dictionary<string, int>;
}

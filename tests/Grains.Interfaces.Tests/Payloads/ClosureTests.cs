namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

public class ClosureTests
{
    private readonly int _field = 40;

    [Fact]
    public void Lambdas_survive_with_what_they_capture()
    {
        double[] rows = [1, 2, 3];
        var names = new Dictionary<string, int> { ["two"] = 2 };
        Func<int, int> inner = x => x * 10;
        Func<string, double> f = name => rows.Sum() + inner(names[name]);
        Assert.Equal(26, Travel.Through(f)("two"));
        Assert.Equal(3, Travel.Through<Func<int, int>>(x => x + 1)(2));
        Assert.Equal(3, Travel.Through<Func<int, int>>(static x => x + 1)(2));
        Assert.Equal(42, Travel.Through<Func<int>>(() => _field + 2)());
    }

    [Fact]
    public void Each_turn_of_a_loop_captures_its_own_variable()
    {
        var functions = new List<Func<int>>();
        for (var i = 0; i < 3; i++)
        {
            var mine = i;
            functions.Add(() => (mine * 10) + functions.Count);
        }

        Assert.Equal([3, 13, 23], Travel.Through(functions).Select(f => f()));
    }

    [Fact]
    public void Nested_lambdas_share_their_outer_variables()
    {
        var count = 0;
        Func<int> next = () => ++count;
        Func<int> peek = () => count;
        var (n, p) = Travel.Through((next, peek));
        n();
        n();
        Assert.Equal((2, 0), (p(), count));
        Func<int, Func<int, int>> add = a => b => a + b + count;
        Assert.Equal(5, Travel.Through(add(2))(3));
        Assert.Equal(5, Travel.Through(add)(2)(3));
    }

    [Fact]
    public void A_lambda_may_capture_itself()
    {
        Func<int, long> factorial = null!;
        factorial = n => n < 2 ? 1 : n * factorial(n - 1);
        Assert.Equal(3_628_800, Travel.Through(factorial)(10));
        Func<int, bool>[] rules = [x => x > 0, null!];
        rules[1] = x => rules[0](x) && x < 5;
        Assert.True(Travel.Through(rules)[1](3));
    }

    [Fact]
    public async Task Async_and_iterating_lambdas_survive()
    {
        var offset = 3;
        Func<int, Task<int>> later = async x =>
        {
            await Task.Yield();
            return x + offset;
        };
        Assert.Equal(5, await Travel.Through(later)(2));
        Func<int, IEnumerable<int>> upTo = Upto;
        Assert.Equal([0, 1, 2], Travel.Through(upTo)(3));

        static IEnumerable<int> Upto(int n)
        {
            for (var i = 0; i < n; i++)
            {
                yield return i;
            }
        }
    }

    [Fact]
    public void Generic_methods_local_functions_and_method_groups_survive()
    {
        var factor = 3;
        int Scale(int x) => x * factor;
        Assert.Equal(6, Travel.Through<Func<int, int>>(Scale)(2));
        Assert.Equal("System.Int32", Travel.Through<Func<int, string>>(NameOf<int>)(1));
        Assert.Equal("a-b", Travel.Through<Func<string, string, string>>(Joiner<string>.Join)("a", "b"));
        Assert.Equal(1.0, Travel.Through<Func<double, double>>(Math.Abs)(-1.0));
        Assert.Equal(7, Travel.Through<Func<int, int, int>>(Math.Max)(7, 3));
        Assert.Equal(3, Travel.Through<Func<IEnumerable<int>, int>>(Enumerable.Count)([1, 2, 3]));
        var list = new List<int> { 1, 2 };
        Assert.True(Travel.Through<Predicate<int>>(list.Contains)(2));
        Assert.Equal("HI", Travel.Through<Func<string>>("hi".ToUpperInvariant)());
        Assert.Equal("hi!", Travel.Through<Func<string>>("hi".Shout)());
        Assert.Equal(5, Travel.Through<Func<string, int>>((Func<string, int>)Delegate.CreateDelegate(typeof(Func<string, int>), typeof(string).GetProperty("Length")!.GetMethod!))("12345"));
        Assert.Equal("12", Travel.Through<Func<string>>(12.ToString)());
        Assert.Equal(5, GenericCapture(5)());
    }

    [Fact]
    public void Multicast_delegates_call_all_their_parts()
    {
        var heard = new List<string>();
        Action<string> both = heard.Add;
        both += x => heard.Add(x + x);
        var (copy, list) = Travel.Through((both, heard));
        copy("a");
        Assert.Equal(["a", "aa"], list);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_delegates_is_no_matter_of_stack()
    {
        Func<int, int> f = x => x;
        for (var i = 0; i < 100_000; i++)
        {
            var g = f;
            f = x => x < 0 ? g(x) : x;
        }

        Assert.Equal(3, Travel.Through(f)(3));
    }

    [Fact]
    public void The_payload_names_the_assembly_of_the_code_and_no_other()
    {
        var payload = Payload.Of((Func<int, int>)(x => x + 1));
        var assembly = Assert.Single(payload.Assemblies);
        Assert.Equal(typeof(ClosureTests).Assembly.GetName().Name, assembly.Name);
        Assert.Equal(typeof(ClosureTests).Assembly.ManifestModule.ModuleVersionId, assembly.Mvid);
        Assert.Equal(64, assembly.Sha256.Length);
        Assert.Empty(Payload.Of(new Dictionary<string, int[]>()).Assemblies);
    }

    [Fact]
    public void Code_that_is_not_there_is_named()
    {
        var bytes = Payload.Of((Func<int, int>)(x => x + 1)).Encode();
        var error = Assert.Throws<PayloadException>(() => Payload.FromBytes(bytes).Read<Func<int, int>>(new PayloadDecoding { Code = new Nothing() }));
        Assert.Contains(typeof(ClosureTests).Assembly.GetName().Name!, error.Message, StringComparison.Ordinal);
    }

    private static Func<T> GenericCapture<T>(T value) => Travel.Through<Func<T>>(() => value);

    private static string NameOf<T>(T value) => value!.GetType().FullName!;

    private static class Joiner<T>
    {
        public static string Join(T a, T b) => $"{a}-{b}";
    }

    private sealed class Nothing : ICodeResolver
    {
        public System.Reflection.Assembly? Resolve(AssemblyIdentity id) => null;
    }
}

internal static class Shouting
{
    public static string Shout(this string text) => text + "!";
}

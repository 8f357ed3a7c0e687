namespace Orleans.Dask.Grains.Interfaces.Tests.Graph;

public sealed class DelegateFunctionTests
{
    private delegate int Custom(int left, int right);

    [Fact]
    public async Task Up_to_six_arguments_and_a_token()
    {
        Assert.Equal(0, await Call(() => 0));
        Assert.Equal(1, await Call((int a) => a, 1));
        Assert.Equal("1x2.5True", await Call((int a, string b, double c, bool d) => FormattableString.Invariant($"{a}{b}{c}{d}"), 1, "x", 2.5, true));
        Assert.Equal(21, await Call((int a, int b, int c, int d, int e, int f) => a + b + c + d + e + f, 1, 2, 3, 4, 5, 6));
        Assert.Equal(22, await Call((int a, int b, int c, int d, int e, int f, CancellationToken token) => a + b + c + d + e + f + (token.CanBeCanceled ? 1 : 0), 1, 2, 3, 4, 5, 6));
    }

    [Fact]
    public async Task The_token_is_the_tasks_own()
    {
        using var source = new CancellationTokenSource();
        var function = DelegateFunction.Of((CancellationToken token) => token);

        Assert.Equal(source.Token, await function.InvokeAsync([], new TaskContext(new TaskKey("t"), 1, source.Token)));
        using var other = new CancellationTokenSource();
        Assert.Equal(other.Token, await function.InvokeAsync([other.Token], new TaskContext(new TaskKey("t"), 1, source.Token)));
    }

    [Fact]
    public async Task Actions_return_nothing()
    {
        var seen = 0;

        Assert.Null(await Call((int a, int b) => { seen = a + b; }, 3, 4));

        Assert.Equal(7, seen);
    }

    [Fact]
    public async Task Asynchronous_functions_give_their_value()
    {
        Assert.Equal(2, await Call(async (int a) => { await Task.Yield(); return a + 1; }, 1));
        Assert.Equal("x", await Call(ValueTaskAsync, "x"));
        Assert.Null(await Call(async () => await Task.Yield()));
        Assert.Null(await Call(ValueTask () => default));

        static async ValueTask<string> ValueTaskAsync(string text)
        {
            await Task.Yield();
            return text;
        }
    }

    [Fact]
    public async Task Null_goes_where_null_may_go()
    {
        Assert.Equal(0, await Call((string? text) => text?.Length ?? 0, [null]));
        Assert.Equal(-1, await Call((int? number) => number ?? -1, [null]));
        Assert.Equal(5, await Call((int? number) => number ?? -1, 5));

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Call((int number) => number, [null]));
        Assert.Equal("Argument 0 of 't[0]' is null, but the function's parameter is of type Int32. Make the task it comes from return that type, or change the parameter.", error.Message);
    }

    [Fact]
    public async Task A_value_of_another_type_is_named_with_both_types()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Call((string a, List<double> b) => b.Count, "x", 1));

        Assert.StartsWith("Argument 1 of 't[0]' is a value of type Int32, but the function's parameter is of type List<Double>.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_inputs_takes_the_form_of_the_parameter()
    {
        object?[] list = [1, 2, 3];

        Assert.Equal(6, await Call((int[] values) => values.Sum(), [list]));
        Assert.Equal(6, await Call((List<int> values) => values.Sum(), [list]));
        Assert.Equal(6, await Call((IEnumerable<int> values) => values.Sum(), [list]));
        Assert.Equal(6, await Call((IReadOnlyList<int> values) => values.Sum(), [list]));
        Assert.Equal(3, await Call((object?[] values) => values.Length, [list]));
        Assert.Equal(3, await Call((ICollection<int?> values) => values.Count, [list]));

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Call((string[] values) => values.Length, [list]));
        Assert.Equal("Argument 0 of 't[0]' is a list for a parameter of type String[]: item 0 is of type Int32.", error.Message);
    }

    [Fact]
    public async Task A_wrong_number_of_arguments_is_said()
    {
        var few = await Assert.ThrowsAsync<ArgumentException>(() => Call((int a, int b) => a, 1));
        var many = await Assert.ThrowsAsync<ArgumentException>(() => Call((int a, CancellationToken token) => a, 1, 2, 3));

        Assert.Equal("'t[0]' calls its function with 1 arguments, but it takes 2.", few.Message);
        Assert.Equal("'t[0]' calls its function with 3 arguments, but it takes 1.", many.Message);
    }

    [Fact]
    public async Task Delegates_of_any_type_are_taken()
    {
        Custom subtract = (left, right) => left - right;

        Assert.Equal(1, await DelegateFunction.Of((Delegate)subtract).InvokeAsync([3, 2], Context()));
        Assert.Equal(4, await DelegateFunction.Of("abcd".CountLetters).InvokeAsync([], Context()));
    }

    [Fact]
    public void Delegates_that_a_task_cannot_call_are_refused()
    {
        Action twice = () => { };
        twice += () => { };

        Assert.Contains("calls several methods", Assert.Throws<ArgumentException>(() => DelegateFunction.Of(twice)).Message, StringComparison.Ordinal);
        Assert.Contains("takes (Int32&)", Assert.Throws<ArgumentException>(() => DelegateFunction.Of((ref int x) => x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_those_that_people_gave()
    {
        Assert.Equal("Named_are", DelegateFunction.Of(Named_are).Name);
        Assert.Equal("lambda", DelegateFunction.Of(() => 1).Name);
        Assert.Equal("Local", DelegateFunction.Of(Local).Name);

        static int Local() => 1;
    }

    private static int Named_are() => 1;

    private static TaskContext Context() => new(new TaskKey("t"), 1, new CancellationTokenSource().Token);

    private static async Task<object?> Call(Delegate function, params object?[] arguments) =>
        await DelegateFunction.Of(function).InvokeAsync(arguments, Context());
}

internal static class Letters
{
    public static int CountLetters(this string text) => text.Length;
}

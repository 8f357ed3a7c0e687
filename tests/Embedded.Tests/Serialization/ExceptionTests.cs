using System.Runtime.CompilerServices;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

public class ExceptionTests
{
    [Fact]
    public void An_exception_comes_back_as_its_type_with_message_stack_and_causes()
    {
        var thrown = Thrown(() => throw new InvalidOperationException("outer", new FormatException("inner")) { Data = { ["k"] = "v", [1] = 2 }, HResult = 77 });
        var back = Assert.IsType<InvalidOperationException>(Wire.Trip(thrown));
        Assert.Equal("outer", back.Message);
        Assert.Equal(77, back.HResult);
        Assert.Equal("v", back.Data["k"]);
        Assert.Single(back.Data);
        Assert.Equal("inner", Assert.IsType<FormatException>(back.InnerException).Message);
        Assert.Contains(nameof(An_exception_comes_back_as_its_type_with_message_stack_and_causes), back.StackTrace, StringComparison.Ordinal);

        var again = Thrown(() => throw back);
        Assert.Contains(nameof(Thrown), again.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(An_exception_comes_back_as_its_type_with_message_stack_and_causes), again.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void System_exceptions_with_odd_constructors_keep_their_type_and_text()
    {
        foreach (var exception in new Exception[]
        {
            new ArgumentNullException("name", "must be there"), new ArgumentOutOfRangeException("name", 5, "too much"), new ObjectDisposedException("thing"),
            new OperationCanceledException("stop"), new TaskCanceledException("stop"), new TimeoutException("late"), new KeyNotFoundException("k"),
            new FileNotFoundException("no file", "a.txt"), new OverflowException("o"),
        })
        {
            var back = Wire.Trip(exception);
            Assert.Equal(exception.GetType(), back.GetType());
            Assert.Equal(exception.Message, back.Message);
        }

        var many = Assert.IsType<AggregateException>(Wire.Trip<Exception>(new AggregateException("all", new FormatException("a"), new TimeoutException("b"))));
        Assert.Equal(["a", "b"], many.InnerExceptions.Select(inner => inner.Message));
    }

    [Fact]
    public void A_declared_exception_brings_its_members()
    {
        var back = Wire.Trip<Exception>(new TaskFailedException("boom", new Key("t1"), 3));
        var failed = Assert.IsType<TaskFailedException>(back);
        Assert.Equal(("boom", new Key("t1"), 3), (failed.Message, failed.Task, failed.Attempt));
        Assert.Equal(new Key("t1"), Wire.Trip(failed).Task);
    }

    [Fact]
    public void An_exception_without_a_usable_constructor_comes_as_the_fallback_and_goes_on_under_its_own_name()
    {
        var thrown = Thrown(() => throw new OddException(5));
        var back = Assert.IsType<UnavailableExceptionFallbackException>(Wire.Trip(thrown));
        Assert.Equal(typeof(OddException).FullName, back.ExceptionType);
        Assert.Equal("odd 5", back.Message);
        Assert.Contains(nameof(Thrown), back.StackTrace, StringComparison.Ordinal);

        var further = Assert.IsType<UnavailableExceptionFallbackException>(Wire.Trip<Exception>(back));
        Assert.Equal(typeof(OddException).FullName, further.ExceptionType);
    }

    [Fact]
    public void An_exception_that_refuses_its_message_comes_as_the_fallback()
    {
        var back = Assert.IsType<UnavailableExceptionFallbackException>(Wire.Trip<Exception>(new PickyException("fine!")));
        Assert.Equal("changed", back.Message);
    }

    [Fact]
    public void A_wire_error_keeps_the_way_to_the_member_in_its_text()
    {
        var error = Assert.Throws<WireException>(() => Wire.Trip(new Box<object> { Anything = new System.Text.StringBuilder() }));
        Assert.Equal(error.Message, Wire.Trip(error).Message);
    }

    [Fact]
    public void An_exception_that_cannot_tell_its_message_is_still_told_of()
    {
        var back = Assert.IsType<UnavailableExceptionFallbackException>(Wire.Trip<Exception>(new MuteException(1)));
        Assert.Contains("NotSupportedException", back.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_an_exception_makes_none()
    {
        foreach (var name in new[] { "System.String", "System.Exception, mscorlib", "System.Collections.Generic.List`1[[System.String]]", "Nothing.Known", "test.Person", "System.Runtime.InteropServices.SafeHandle" })
        {
            var made = ExceptionTypes.Create(new ExceptionParts { TypeName = name, Message = "m" });
            Assert.Equal(name, Assert.IsType<UnavailableExceptionFallbackException>(made).ExceptionType);
        }
    }

    [Fact]
    public void The_same_exception_twice_is_one_and_a_very_long_chain_is_cut()
    {
        var shared = new FormatException("f");
        var back = Wire.Trip(new List<Exception> { shared, new InvalidOperationException("i", shared) });
        Assert.Same(back[0], back[1].InnerException);

        var chain = new TimeoutException("0");
        for (var i = 1; i < 10_000; i++)
        {
            chain = new TimeoutException($"{i}", chain);
        }

        Assert.Equal("9999", Wire.Trip(chain).Message);
    }

    [Fact]
    public void An_exception_is_shared_by_copies_because_its_stack_is_part_of_it()
    {
        var exception = new InvalidOperationException();
        Assert.Same(exception, WireSerializer.Copy(exception));
        Assert.Same(exception, WireSerializer.Copy<object>(exception));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exception Thrown(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            return exception;
        }

        throw new InvalidOperationException("Nothing was thrown.");
    }

    [GenerateSerializer, Alias("test.TaskFailedException")]
    internal sealed class TaskFailedException(string message, Key task, int attempt) : Exception(message)
    {
        [Id(0)] public Key Task { get; private set; } = task;

        [Id(1)] public int Attempt { get; private set; } = attempt;
    }

    internal sealed class OddException(int number) : Exception($"odd {number}");

    internal sealed class MuteException(int number) : Exception
    {
        public override string Message => throw new NotSupportedException($"{number}");
    }

    internal sealed class PickyException : Exception
    {
        public PickyException(string message) => ArgumentOutOfRangeException.ThrowIfNotEqual(message, "fine!");

        public override string Message => "changed";
    }
}

using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

// From a delegate and its arguments to a task. A CancellationToken in the last place stays here: the task gets its own, and
// setting the caller's cancels the task.
public sealed partial class DaskClient
{
    // Constants above this size become values of their own, so that calls can share them and messages stay small.
    private const int LargeArgumentBytes = 64 << 10;

    private Future<TResult> Call<TResult>(Delegate call, params ReadOnlySpan<Arg> arguments)
    {
        ArgumentNullException.ThrowIfNull(call);
        var token = default(CancellationToken);
        if (arguments is [.., { Value: CancellationToken given }])
        {
            arguments = arguments[..^1];
            token = given;
            token.ThrowIfCancellationRequested();
        }

        var function = Link.Functions.Of(call);
        var (inputs, constants, made) = Encode(arguments);
        var state = Link.Submit(function, Link.Functions.NextKey(function, call), inputs, constants);
        made?.ForEach(Link.Drop);
        if (token.CanBeCanceled)
        {
            CancelWith(state, token);
        }

        return new Future<TResult>(state);
    }

    /// <summary>Dependencies and encoded constants, and the values made of large constants: the caller lets those go when the call holds them.</summary>
    private (FutureState[] Inputs, Payload? Constants, List<FutureState>? Made) Encode(ReadOnlySpan<Arg> arguments)
    {
        var (inputs, template) = Bind(arguments);
        var constants = template is null ? null : Link.Coding.Encode(template);
        if (constants is null || ValueCoding.SizeOf(constants) <= Link.MaxArgumentBytes)
        {
            return (inputs, constants, null);
        }

        var made = new List<FutureState>();
        (inputs, constants) = BindLarge(arguments, made);
        return (inputs, constants, made);
    }

    /// <summary>Dependencies, and the template that says where they go; no template where they are the arguments.</summary>
    private static (FutureState[] Inputs, object?[]? Template) Bind(ReadOnlySpan<Arg> arguments)
    {
        var (count, plain) = (0, true);
        foreach (ref readonly var argument in arguments)
        {
            count += argument.Future is not null ? 1 : argument.List?.Length ?? 0;
            plain &= argument.Future is not null;
        }

        if (count > MessageLimits.MostInputs)
        {
            throw new ArgumentException($"The call takes {count:N0} futures, at most {MessageLimits.MostInputs:N0} fit into the message that tells a silo of a task. "
                + "Combine them in a tree: calls that take some futures each, and one that takes those.");
        }

        if (plain && arguments.Length > 0)
        {
            var all = new FutureState[count];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = arguments[i].Future!;
            }

            return (all, null);
        }

        var inputs = count == 0 ? [] : new FutureState[count];
        var template = new object?[arguments.Length];
        var next = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (arguments[i].Future is { } future)
            {
                template[i] = Input.At(next);
                inputs[next++] = future;
            }
            else if (arguments[i].List is { } list)
            {
                template[i] = new InputList(next, list.Length);
                list.CopyTo(inputs, next);
                next += list.Length;
            }
            else
            {
                template[i] = arguments[i].Value;
            }
        }

        return (inputs, template);
    }

    // Each large constant becomes a value of its own, kept here in case its silo is lost.
    private (FutureState[] Inputs, Payload? Constants) BindLarge(ReadOnlySpan<Arg> arguments, List<FutureState> made)
    {
        var bound = arguments.ToArray();
        foreach (ref var argument in bound.AsSpan())
        {
            if (argument is { Future: null, List: null } && Link.Coding.Encode(argument.Value) is { } payload && ValueCoding.SizeOf(payload) > LargeArgumentBytes)
            {
                made.Add(Data(payload));
                argument = Arg.Of(made[^1]);
            }
        }

        var (inputs, template) = Bind(bound);
        return (inputs, template is null ? null : Link.Coding.Encode(template));
    }

    private FutureState Data(Payload payload)
    {
        var isLarge = ValueCoding.SizeOf(payload) > Link.MaxArgumentBytes;
        var state = Link.NewState(Link.Functions.NewLayer("data").Next()!.Value, isLarge ? new DataSource(true) : DataSource.Small, [], payload);
        Link.Submit([state]);
        return state;
    }

    private static void CancelWith(FutureState state, CancellationToken token)
    {
        var registration = token.UnsafeRegister(static state => _ = ((FutureState)state!).Link.CancelAsync((FutureState)state), state);
        var end = new EndOfRegistration(registration);
        if (!state.Await(end))
        {
            end.Ended(state);
        }
    }

    // A token may outlive many tasks: it lets go of each as it ends.
    private sealed class EndOfRegistration(CancellationTokenRegistration registration) : IFutureWaiter
    {
        public void Ended(FutureState state) => registration.Unregister();
    }
}

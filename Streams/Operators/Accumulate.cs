namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    /// <summary>A running fold: the first event is the state and goes on as it is, then each new state goes on.</summary>
    /// <param name="source">The events.</param>
    /// <param name="function">State and event to the next state.</param>
    public static StreamNode<T> Accumulate<T>(this StreamNode<T> source, Func<T, T, T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new AccumulateFirstNode<T>(function));
    }

    /// <summary>A running fold from a first state; each new state goes on.</summary>
    public static StreamNode<TState> Accumulate<T, TState>(this StreamNode<T> source, Func<TState, T, TState> function, TState start)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new AccumulateNode<T, TState>(function, start));
    }

    /// <summary>A running fold whose function tells the next state and what goes on.</summary>
    public static StreamNode<TOut> Accumulate<T, TState, TOut>(this StreamNode<T> source, Func<TState, T, (TState State, TOut Result)> function, TState start)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new AccumulateWithResultNode<T, TState, TOut>(function, start));
    }

    private sealed class AccumulateFirstNode<T>(Func<T, T, T> function) : OperatorNode<T, T>("accumulate")
    {
        private bool _hasState;
        private T _state = default!;

        public override ValueTask ReceiveAsync(T item)
        {
            // Set before it goes on: if a later node fails, this event still counts.
            _state = _hasState ? function(_state, item) : item;
            _hasState = true;
            return PublishAsync(_state);
        }
    }

    private sealed class AccumulateNode<T, TState>(Func<TState, T, TState> function, TState start) : OperatorNode<T, TState>("accumulate")
    {
        private TState _state = start;

        public override ValueTask ReceiveAsync(T item)
        {
            _state = function(_state, item);
            return PublishAsync(_state);
        }
    }

    private sealed class AccumulateWithResultNode<T, TState, TOut>(Func<TState, T, (TState State, TOut Result)> function, TState start) : OperatorNode<T, TOut>("accumulate")
    {
        private TState _state = start;

        public override ValueTask ReceiveAsync(T item)
        {
            (_state, var result) = function(_state, item);
            return PublishAsync(result);
        }
    }
}

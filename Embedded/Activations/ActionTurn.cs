namespace Orleans.Embedded;

/// <summary>A turn that does something once.</summary>
internal sealed class ActionTurn(Action<object?> action, object? state) : Turn
{
    public override void Run(TurnQueue queue) => action(state);
}

/// <summary>A list of turns, oldest first, that costs nothing while it is empty.</summary>
internal struct TurnList
{
    private Turn? _first;
    private Turn? _last;

    public readonly Turn? First => _first;

    public readonly bool IsEmpty => _first is null;

    public void Add(Turn turn)
    {
        turn.Next = null;
        if (_last is null)
        {
            _first = turn;
        }
        else
        {
            _last.Next = turn;
        }

        _last = turn;
    }

    public Turn TakeFirst()
    {
        var first = _first!;
        _first = first.Next;
        first.Next = null;
        if (_first is null)
        {
            _last = null;
        }

        return first;
    }
}

using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

// What of all that is to be sent goes into the next batch, and in which order.
internal sealed partial class SessionLink
{
    // Under the gate.
    private (SubmitBatch? Batch, List<TaskCompletionSource> Told) Build()
    {
        var writer = new BatchWriter(_epoch, _options.MaxBatchTasks, _options.MaxBatchBytes);
        while (_broken is null && _outgoing.TryPeek(out var item))
        {
            if (item is FutureState state)
            {
                if (state.Source is DataSource { IsPrepared: false } && state.References > 0)
                {
                    break;
                }

                if (state.References > 0 && TakesWhatWasGivenUp(state))
                {
                    // A scheduler of a later epoch has never heard of what was given up before it.
                    _stillborn.Add(state);
                }
                else if (state.References > 0)
                {
                    if (!writer.HasRoomFor(state.Source as FunctionEntry, state.Source is DataSource { Written: not null } ? null : state.Arguments, state.Inputs.Length))
                    {
                        break;
                    }

                    Write(state, writer);
                    Want(state, writer);
                }

                _outgoing.Dequeue();
                ReleaseAll(state.Inputs);
                continue;
            }

            if (item is HandOver again)
            {
                if (again.Written is not { } written || !writer.HasRoom)
                {
                    break;
                }

                writer.Scattered(again.Key, written, isKept: true);
                _outgoing.Dequeue();
                continue;
            }

            var graph = (GraphEmission)item;
            if (!graph.IsPrepared)
            {
                // Encoded outside the gate; what is written so far needn't wait for it.
                break;
            }

            if (!graph.Write(writer, wanted => Want(wanted, writer)))
            {
                break;
            }

            if (graph.IsDone)
            {
                _outgoing.Dequeue();
                ReleaseAll(graph.Source.Externals);
            }
        }

        var released = 0;
        for (; released < _released.Count && writer.HasRoom; released++)
        {
            var state = _released[released];
            if (state.References > 0)
            {
                continue;
            }

            if (state.ToldEpoch == _epoch && (Planted.LateDropsUnwantSuccessors || !IsReplaced(state)))
            {
                writer.Unwant(state.Key);
            }

            state.ToldEpoch = 0;
            _states.Remove(state);
        }

        _released.RemoveRange(0, released);
        var cancelled = 0;
        for (; cancelled < _cancelled.Count && writer.HasRoom; cancelled++)
        {
            writer.Cancel(_cancelled[cancelled]);
        }

        _cancelled.RemoveRange(0, cancelled);
        if (writer.IsEmpty)
        {
            return (null, []);
        }

        var told = _cancelled.Count == 0 ? _toldWhenSent : [];
        _toldWhenSent = _cancelled.Count == 0 ? [] : _toldWhenSent;
        return (writer.ToBatch(++_sequence, _outgoing.TryPeek(out var next) && next is GraphEmission { IsUnderWay: true }), told);
    }

    private bool TakesWhatWasGivenUp(FutureState state)
    {
        foreach (var input in state.Inputs)
        {
            if (input.Status == FutureStatus.Cancelled || (_stillborn.Count > 0 && _stillborn.Contains(input)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Write(FutureState state, BatchWriter writer)
    {
        switch (state.Source)
        {
            case FunctionEntry function:
                writer.Task(state.Key, function.Number, writer.Wire(state.Inputs), state.Arguments);
                break;
            case DataSource { Written: { } written }:
                writer.Scattered(state.Key, written, isKept: true);
                break;
            case DataSource:
                writer.Task(state.Key, 0, [], state.Arguments);
                break;
            case ScatteredSource scattered:
                writer.Scattered(state.Key, scattered, isKept: false);
                break;
        }
    }

    private void Want(FutureState state, BatchWriter writer)
    {
        if (state.ToldEpoch != _epoch)
        {
            state.ToldEpoch = _epoch;
            writer.Want(state.Key);
        }
    }

    private void ReleaseAll(FutureState[] states)
    {
        foreach (var state in states)
        {
            Release(state);
        }
    }

    // The key was wanted again, by a state of its own, after this one had ended for good.
    private bool IsReplaced(FutureState state) => _states.TryFind(state.Key, out var found) && !ReferenceEquals(found, state);
}

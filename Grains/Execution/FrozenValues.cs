using System.Security.Cryptography;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Values that tasks of one silo share are never changed; this finds out who does all the same, by hashing inputs and constants before
/// and after a task ran. It costs as much as sending them, so it is for tests and for the hunt after a wrong answer.
/// </summary>
internal sealed class FrozenValues
{
    // Who uses a value at the moment: a change that is found may be another's, then all are named.
    private readonly Dictionary<object, HashSet<TaskKey>> _users = new(ReferenceEqualityComparer.Instance);

    // For the table and the sets in it: one that its last user leaves goes, and nobody may be entering it then.
    private readonly Lock _gate = new();

    public Watch Begin(TaskKey task, params ReadOnlySpan<object?[]?> values) => new(this, task, values);

    private void Enter(object value, TaskKey task)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(value, out var users))
            {
                _users.Add(value, users = []);
            }

            users.Add(task);
        }
    }

    /// <returns>Who used it until now, this task first.</returns>
    private TaskKey[] Leave(object value, TaskKey task)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(value, out var users))
            {
                return [task];
            }

            TaskKey[] all = [task, .. users.Where(user => user != task)];
            users.Remove(task);
            if (users.Count == 0)
            {
                _users.Remove(value);
            }

            return all;
        }
    }

    /// <summary>What can be hashed: a value that cannot travel cannot be shared with another silo either.</summary>
    private static byte[]? Hash(object value)
    {
        try
        {
            return SHA256.HashData(Payload.Encode(value));
        }
        catch (PayloadException)
        {
            // It stays where it is, for tasks here; nothing is known of it.
            return null;
        }
    }

    /// <summary>One task's run.</summary>
    internal sealed class Watch
    {
        private readonly FrozenValues _all;
        private readonly TaskKey _task;
        private readonly List<(int Place, object Value, byte[] Hash)> _before = [];

        public Watch(FrozenValues all, TaskKey task, ReadOnlySpan<object?[]?> values)
        {
            (_all, _task) = (all, task);
            var place = 0;
            foreach (var list in values)
            {
                foreach (var value in list ?? [])
                {
                    if (value is not (null or string) && !value.GetType().IsPrimitive && Hash(value) is { } hash)
                    {
                        _before.Add((place, value, hash));
                        all.Enter(value, task);
                    }

                    place++;
                }
            }
        }

        /// <exception cref="InvalidOperationException">A value is not what it was; names the task.</exception>
        public void End()
        {
            foreach (var (place, value, before) in _before)
            {
                var users = _all.Leave(value, _task);
                if (Hash(value) is { } after && !after.AsSpan().SequenceEqual(before))
                {
                    throw new InvalidOperationException($"Argument {place} of '{_task}', a {value.GetType().Name}, is not what it was before the task ran: "
                        + $"{(users.Length == 1 ? $"'{_task}' changed it" : $"one of {string.Join(", ", users.Select(user => $"'{user}'"))} changed it, which ran at the same time")}. "
                        + "Other tasks of the silo read the same object; change a copy instead.");
                }
            }
        }

        /// <summary>The task has failed; its own error is told.</summary>
        public void Leave()
        {
            foreach (var (_, value, _) in _before)
            {
                _all.Leave(value, _task);
            }
        }
    }
}

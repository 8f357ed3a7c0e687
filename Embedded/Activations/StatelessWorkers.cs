using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The activations of one stateless worker on this silo: a call goes to an idle one, or to a new one while there may be more.</summary>
internal sealed class StatelessWorkers(EmbeddedSilo silo, GrainClass grainClass, GrainId id)
{
    private readonly List<Activation> _workers = [];

    public void Accept(Message request)
    {
        Activation? chosen = null;
        var isNew = false;
        lock (_workers)
        {
            foreach (var worker in _workers)
            {
                if (chosen is null || worker.Load < chosen.Load)
                {
                    chosen = worker;
                }
            }

            if (chosen is null || (chosen.Load > 0 && _workers.Count < grainClass.MaxLocalWorkers))
            {
                chosen = silo.NewActivation(grainClass, id);
                isNew = true;
                _workers.Add(chosen);
            }

            // Inside the lock: its load must show before the next caller looks.
            chosen.Accept(request);
        }

        if (isNew)
        {
            chosen.BeginActivation();
        }
    }

    public void Remove(Activation gone)
    {
        lock (_workers)
        {
            _workers.Remove(gone);
        }
    }

    public Activation[] Snapshot()
    {
        lock (_workers)
        {
            return [.. _workers];
        }
    }
}

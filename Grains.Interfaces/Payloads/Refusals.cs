using System.Reflection;
using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>What never travels, and what to do instead.</summary>
internal static class Refusals
{
    public const string Pointer = "pointers and references mean nothing in another process. Send the data they point to.";

    private const string Synchronisation = "locks and signals hold nothing outside their process. Make one where the code runs, or coordinate through the client.";
    private const string Pending = "work in progress stays where it runs. Await it and send its result, or pass a future as an argument.";
    private const string Reflection = "reflection objects belong to one process. Send a delegate, or the name as text.";
    private const string Cancellation = "cancellation does not travel with values. Take a CancellationToken as the last parameter of the task: it gets its own.";

    // First match wins, so the particular comes before the general.
    private static readonly (Type Base, string Reason)[] Families =
    [
        (typeof(CriticalFinalizerObject), "it holds a resource of the operating system. Open it inside the task, from its path, address or name."),
        (typeof(SafeHandle), "it holds a resource of the operating system. Open it inside the task, from its path, address or name."),
        (typeof(Stream), "a stream is open in this process only. Open it inside the task, or send its bytes."),
        (typeof(TextReader), "a reader is open in this process only. Open it inside the task, or send its text."),
        (typeof(TextWriter), "a writer is open in this process only. Open it inside the task, or return the text."),
        (typeof(Task), Pending),
        (typeof(TaskScheduler), Pending),
        (typeof(SynchronizationContext), Pending),
        (typeof(ExecutionContext), Pending),
        (typeof(Thread), "a thread runs in this process only. The silo's executor has threads of its own."),
        (typeof(CancellationTokenSource), Cancellation),
        (typeof(WaitHandle), Synchronisation),
        (typeof(SemaphoreSlim), Synchronisation),
        (typeof(ManualResetEventSlim), Synchronisation),
        (typeof(CountdownEvent), Synchronisation),
        (typeof(Barrier), Synchronisation),
        (typeof(ReaderWriterLockSlim), Synchronisation),
        (typeof(Lock), Synchronisation),
        (typeof(Timer), Synchronisation),
        (typeof(MemberInfo), Reflection),
        (typeof(Assembly), Reflection),
        (typeof(Module), Reflection),
        (typeof(ParameterInfo), Reflection),
        (typeof(Binder), Reflection),
        (typeof(Random), "its state is hidden. Send a seed and make it inside the task."),
        (typeof(TimeProvider), "a clock belongs to its process. Take the time where it is needed, or send the time."),
        (typeof(IServiceProvider), "services belong to their process. Ask for what you need inside the task."),
        (typeof(IAddressable), "a grain reference is bound to its client. Send its key and get the grain inside the task."),
    ];

    private static readonly Dictionary<Type, string> Values = new()
    {
        [typeof(IntPtr)] = Pointer,
        [typeof(UIntPtr)] = Pointer,
        [typeof(GCHandle)] = Pointer,
        [typeof(RuntimeTypeHandle)] = Reflection,
        [typeof(RuntimeMethodHandle)] = Reflection,
        [typeof(RuntimeFieldHandle)] = Reflection,
        [typeof(CancellationToken)] = Cancellation,
        [typeof(CancellationTokenRegistration)] = Cancellation,
        [typeof(ValueTask)] = Pending,
        [typeof(SpinLock)] = Synchronisation,
        [typeof(SpinWait)] = Synchronisation,
        [typeof(AsyncFlowControl)] = Pending,
    };

    private static readonly HashSet<Type> Definitions = [typeof(ValueTask<>), typeof(TaskCompletionSource<>), typeof(AsyncLocal<>), typeof(ThreadLocal<>)];

    /// <returns>Null when nothing speaks against a type; the reason when its objects never travel.</returns>
    public static string? Find(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRef || type.IsByRefLike)
        {
            return Pointer;
        }

        if (Values.TryGetValue(type, out var reason))
        {
            return reason;
        }

        if (type.IsConstructedGenericType && Definitions.Contains(type.GetGenericTypeDefinition()))
        {
            return Pending;
        }

        foreach (var (family, why) in Families)
        {
            if (type.IsAssignableTo(family))
            {
                return why;
            }
        }

        return type.IsInterface || type.IsAbstract || !IsFinalizable(type) ? null
            : "it has a finalizer, so it owns something beyond its fields. Make it inside the task.";
    }

    public static PayloadException Error(Type type, string reason) => new($"{TypeText.Full(type)} can't travel: {reason}");

    private static bool IsFinalizable(Type type) =>
        type.IsClass && type.GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes) is { } method
        && method.GetBaseDefinition().DeclaringType == typeof(object) && method.DeclaringType != typeof(object);
}

using Microsoft.Extensions.Logging;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation.World;

/// <summary>Logs of a process go into the log of events. An error that tells of a programmer's mistake is a defect of the run.</summary>
internal sealed class SimLogger(SimProcess process) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log of a run has one place.");

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || (process.World.Log.IsText && logLevel >= LogLevel.Debug);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception);
        if (logLevel >= LogLevel.Warning)
        {
            process.World.Strike(Strike.SecondActivation, text.Contains(" was active on ", StringComparison.Ordinal) ? 1 : 0);
            process.World.Strike(Strike.DeclaredDead, text.Contains(" was declared dead by ", StringComparison.Ordinal) ? 1 : 0);
            process.World.Strike(Strike.StreamEmptied, text.Contains(" events that consumers did not take ", StringComparison.Ordinal) ? 1 : 0);
            process.World.Note(process, "says", text, exception is null ? null : $"[{exception.GetType().Name}: {exception.Message}]");
        }
        else
        {
            process.World.Log.Remark(process.World.Now, process.Name, text);
        }

        if (exception is NullReferenceException or InvalidCastException or IndexOutOfRangeException or ArgumentException or KeyNotFoundException or NotSupportedException
            || (exception is InvalidOperationException && exception.GetType() == typeof(InvalidOperationException)))
        {
            process.World.Defect($"{process.Name} logged: {text} {exception}");
        }
    }
}

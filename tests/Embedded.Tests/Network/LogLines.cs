using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>What a silo or client would have written into its log, from a level on.</summary>
internal sealed class LogLines(LogLevel from = LogLevel.Warning) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string[] All => [.. _lines];

    /// <summary>The first line, when it comes.</summary>
    public Task<string> First => _first.Task;

    public void AddTo(IServiceCollection services) => services.AddLogging(log => log.SetMinimumLevel(from).AddProvider(this));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue(formatter(state, exception));
            _first.TrySetResult(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}

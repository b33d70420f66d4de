using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grants.Service.Tests.Hostile;

/// <summary>What a host logs, as (level, text).</summary>
internal sealed class HeardLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public bool Has(LogLevel level, string part) =>
        Lines.Any(line => line.Level == level && line.Text.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}

using Microsoft.Extensions.Logging;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>Shows beside a failed test what the parts logged.</summary>
internal sealed class ShownLog<T>(ITestOutputHelper? output) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            output?.WriteLine($"{logLevel}: {formatter(state, exception)}\n{exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over.
        }
    }
}

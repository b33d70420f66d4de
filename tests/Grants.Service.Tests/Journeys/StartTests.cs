using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Grants.Ethereum.Signing;
using Xunit;

namespace Grants.Service.Tests.Journeys;

public sealed class StartTests(LocalServers servers)
{
    [Fact]
    public async Task the_log_says_by_what_file_signatures_are_recovered()
    {
        var folder = Directory.CreateTempSubdirectory("grants-start-").FullName;
        using var log = new LogEvents();
        try
        {
            await using var run = await RunningService.StartAsync(
                await servers.CreateDatabaseAsync("start"),
                await servers.SharedChainAsync(),
                Path.Combine(folder, "operator.key"),
                TestContext.Current.CancellationToken,
                new() { ["Logging:LogLevel:Grants"] = "Information" });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Contains($"Signatures are recovered by {Secp256k1.Active}.", log.Lines);
        if (Secp256k1.Active != new BouncyCastleSecp256k1().Name)
            Assert.Matches(@"^libsecp256k1 \(/.*libsecp256k1.*\)$", Secp256k1.Active);
    }

    /// <summary>What every host of this process logs.</summary>
    private sealed class LogEvents : EventListener
    {
        private const EventKeywords FormattedMessage = (EventKeywords)4;

        public ConcurrentQueue<string> Lines { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Extensions-Logging")
                EnableEvents(eventSource, EventLevel.Informational, FormattedMessage);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // The base class calls this before the constructor has run.
            if (eventData.EventName == "FormattedMessage" && eventData.PayloadNames?.IndexOf("FormattedMessage") is >= 0 and var at)
                Lines?.Enqueue((string)eventData.Payload![at]!);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Grants.Domain.Proposals;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Hosting;
using JasperFx.Events;
using Marten;
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

    [Fact]
    public async Task a_store_that_was_written_before_there_were_spaces_is_refused()
    {
        var database = await servers.CreateDatabaseAsync("spaceless");
        using (var store = DocumentStore.For(options =>
        {
            options.Connection(database);
            options.DatabaseSchemaName = "grants";
            options.Events.StreamIdentity = StreamIdentity.AsString;
        }))
        {
            await using var session = store.LightweightSession();
            session.Events.StartStream("old", new ProposalRejected(Hash32.Zero, "As it was.", DateTimeOffset.UnixEpoch));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("knew no spaces", await RefusedAsync(database, new()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dao2", "metis", "dao2 is not among Spaces")]
    [InlineData("metis", "Metis", "unlike Metis")]
    [InlineData("metis", "*deployment*", "unlike *deployment*")]
    public async Task settings_of_spaces_that_make_no_sense_are_refused(string defaultSpace, string space, string problem) =>
        Assert.Contains(
            problem,
            await RefusedAsync(
                await servers.CreateDatabaseAsync("start"), new() { ["Space"] = defaultSpace, [$"Spaces:{space}"] = "A name" }),
            StringComparison.Ordinal);

    private async Task<string> RefusedAsync(string database, Dictionary<string, string?> settings)
    {
        var folder = Directory.CreateTempSubdirectory("grants-start-").FullName;
        try
        {
            return (await Assert.ThrowsAsync<StartException>(async () => await RunningService.StartAsync(
                database,
                await servers.SharedChainAsync(),
                Path.Combine(folder, "operator.key"),
                TestContext.Current.CancellationToken,
                settings))).Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

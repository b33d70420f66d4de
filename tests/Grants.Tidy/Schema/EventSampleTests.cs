using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Service.Hosting;
using Marten;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>
/// The stored form of every event is a file that is reviewed: what is written today must be readable for ever.
/// </summary>
public sealed class EventSampleTests
{
    // As the store is configured: camel case, enums by name.
    private static readonly JsonSerializerOptions Stored = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
    };

    private const string Old = "schema/events/old";

    [Fact]
    public void every_stored_event_has_its_approved_sample()
    {
        var samples = Events().ToDictionary(
            e => $"{e.Alias}.json", e => JsonSerializer.Serialize(Samples.Of(e.Type), e.Type, Stored));
        Approved.KeepEarlier("schema/events", Old, samples);
        Approved.FolderMatches("schema/events", ".json", samples);
    }

    /// <summary>
    /// What a store may hold of every earlier version, and what is made of it today: both are files, so that a change shows. What was
    /// written before there were spaces is not among them where it does not read: no store with it starts (decision 0012).
    /// </summary>
    [Fact]
    public void every_earlier_sample_reads_as_the_event_of_today_as_approved()
    {
        var types = Events().ToDictionary(e => e.Alias, e => e.Type);
        var files = Directory.GetFiles(Repository.Absolute(Old), "*.json");
        Assert.True(files.Length >= 21);
        Approved.FolderMatches(
            $"{Old}/read",
            ".json",
            files.ToDictionary(
                file => Path.GetFileName(file),
                file => AsToday(File.ReadAllText(file), types[Path.GetFileName(file).Split('.')[0]])));
    }

    [Fact]
    public void every_approved_sample_reads_back_as_the_event_that_it_is_of()
    {
        foreach (var (alias, type) in Events())
        {
            var text = File.ReadAllText(Repository.Absolute($"schema/events/{alias}.json"));
            var read = JsonSerializer.Deserialize(text, type, Stored);
            Assert.Equal(JsonSerializer.Serialize(Samples.Of(type), type, Stored), JsonSerializer.Serialize(read, type, Stored));
        }
    }

    [Fact]
    public void aliases_are_given_and_not_derived()
    {
        Assert.True(Events().Count > 30);
        Assert.All(Events(), e => Assert.Matches("^[a-z]+(_[a-z]+)+$", e.Alias));
    }

    private static string AsToday(string text, Type type) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize(text, type, Stored), type, Stored);

    private static List<(string Alias, Type Type)> Events()
    {
        var options = new StoreOptions();
        MartenSetup.Configure(options);
        return [.. ((IReadOnlyStoreOptions)options).Events.AllKnownEventTypes()
            .Where(e => e.EventType.Namespace?.StartsWith("Grants.", StringComparison.Ordinal) == true)
            .Select(e => (e.EventTypeName, e.EventType))
            .OrderBy(e => e.EventTypeName, StringComparer.Ordinal)];
    }
}

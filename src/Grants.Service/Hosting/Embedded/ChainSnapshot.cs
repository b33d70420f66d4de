using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Grants.Service.Hosting.Embedded;

/// <summary>
/// The files in which a local chain survives. anvil writes its state into one file in place, so a kill can tear it, and
/// it forgets the order of its historical states. Hence three files: what anvil wrote on its exit, what the service
/// wrote while it ran, and what the next run loads, made of the newest whole one.
/// </summary>
internal sealed class ChainSnapshot(string directory)
{
    /// <summary>anvil writes it when it ends in order: all of the chain, with the states of the recent blocks.</summary>
    public string Exit => Path.Combine(directory, "exit.json");

    /// <summary>
    /// Written now and then, whole or not at all, for the day on which anvil does not end in order. The newest state only.
    /// </summary>
    public string Checkpoint => Path.Combine(directory, "checkpoint.json");

    /// <summary>What anvil loads.</summary>
    public string State => Path.Combine(directory, "state.json");

    /// <summary>Makes the file to load. Answers false when there is nothing to load: the chain begins.</summary>
    /// <exception cref="EmbeddedServerException">There were files, but none is whole.</exception>
    public bool Prepare()
    {
        var there = new[] { Exit, Checkpoint, State }.Where(File.Exists).ToList();
        if (there.Count == 0)
            return false;
        var whole = there.FirstOrDefault(TryArrange) ?? throw new EmbeddedServerException(
            $"The state of the local chain in {directory} is damaged. "
            + "It belongs to the database beside it: remove the whole data directory.");
        foreach (var other in there.Where(file => file != State))
            File.Delete(other);
        return whole is not null;
    }

    /// <summary>Keeps a state as <c>anvil_dumpState</c> answers it: JSON, packed with gzip.</summary>
    public async Task KeepAsync(byte[] packed, CancellationToken cancellation)
    {
        await using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        var unfinished = Checkpoint + ".tmp";
        await using (var file = File.Create(unfinished))
        {
            await unpacked.CopyToAsync(file, cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, Checkpoint, overwrite: true);
    }

    private bool TryArrange(string file)
    {
        try
        {
            using var source = File.OpenRead(file);
            using var state = JsonDocument.Parse(source);
            var unfinished = State + ".tmp";
            using (var target = File.Create(unfinished))
            {
                Arrange(state.RootElement, target);
                target.Flush(flushToDisk: true);
            }

            File.Move(unfinished, State, overwrite: true);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // anvil drops historical states in the order in which it loaded them, so the oldest must come first.
    private static void Arrange(JsonElement state, Stream target)
    {
        using var writer = new Utf8JsonWriter(target);
        writer.WriteStartObject();
        foreach (var property in state.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            if (property.Name == "historical_states" && property.Value.ValueKind == JsonValueKind.Array)
            {
                var numbers = NumbersByHash(state.GetProperty("blocks"));
                var states = property.Value.EnumerateArray().OrderBy(entry => numbers.GetValueOrDefault(Hash(entry), long.MaxValue));
                writer.WriteStartArray();
                foreach (var entry in states)
                    entry.WriteTo(writer);
                writer.WriteEndArray();
            }
            else
            {
                property.Value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();

        static string Hash(JsonElement entry) => entry[0].GetString()!;
    }

    // A block does not hold its own hash; the next one does. The head has no next one and is not found.
    private static Dictionary<string, long> NumbersByHash(JsonElement blocks)
    {
        var numbers = new Dictionary<string, long>();
        foreach (var block in blocks.EnumerateArray())
        {
            var header = block.GetProperty("header");
            var digits = header.GetProperty("number").GetString().AsSpan(2);
            var number = long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            numbers[header.GetProperty("parentHash").GetString()!] = number - 1;
        }

        return numbers;
    }
}

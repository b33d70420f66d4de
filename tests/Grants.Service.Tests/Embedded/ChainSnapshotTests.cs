using System.IO.Compression;
using System.Text.Json;
using Grants.Service.Hosting.Embedded;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class ChainSnapshotTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("grants-chain-").FullName;
    private readonly ChainSnapshot snapshot;

    public ChainSnapshotTests() => snapshot = new ChainSnapshot(directory);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void without_files_the_chain_begins() => Assert.False(snapshot.Prepare());

    [Fact]
    public void the_exit_goes_before_the_checkpoint_and_that_before_the_old_state()
    {
        File.WriteAllText(snapshot.Exit, """{"from":"exit"}""");
        File.WriteAllText(snapshot.Checkpoint, """{"from":"checkpoint"}""");
        File.WriteAllText(snapshot.State, """{"from":"state"}""");
        Assert.True(snapshot.Prepare());
        Assert.Equal("""{"from":"exit"}""", File.ReadAllText(snapshot.State));
        Assert.False(File.Exists(snapshot.Exit));
        Assert.False(File.Exists(snapshot.Checkpoint));

        Assert.True(snapshot.Prepare());
        Assert.Equal("""{"from":"exit"}""", File.ReadAllText(snapshot.State));
    }

    [Fact]
    public void a_torn_exit_gives_way_to_the_checkpoint()
    {
        File.WriteAllText(snapshot.Exit, """{"from":"exi""");
        File.WriteAllText(snapshot.Checkpoint, """{"from":"checkpoint"}""");
        Assert.True(snapshot.Prepare());
        Assert.Equal("""{"from":"checkpoint"}""", File.ReadAllText(snapshot.State));
    }

    [Fact]
    public void when_all_is_torn_the_chain_does_not_begin_anew_in_silence()
    {
        File.WriteAllText(snapshot.Exit, """{"from":"exi""");
        var damaged = Assert.Throws<EmbeddedServerException>(() => snapshot.Prepare());
        Assert.Contains("remove the whole data directory", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void states_of_blocks_are_put_into_the_order_of_the_blocks()
    {
        File.WriteAllText(snapshot.Exit, """
            {"blocks":[{"header":{"number":"0xb","parentHash":"0xten"}},{"header":{"number":"0x2","parentHash":"0xone"}},
                       {"header":{"number":"0xa","parentHash":"0xnine"}}],
             "historical_states":[["0xhead",{}],["0xten",{}],["0xone",{"a":1}],["0xnine",{}]]}
            """);
        Assert.True(snapshot.Prepare());
        using var state = JsonDocument.Parse(File.ReadAllText(snapshot.State));
        var order = state.RootElement.GetProperty("historical_states").EnumerateArray().Select(entry => entry[0].GetString());
        Assert.Equal(["0xone", "0xnine", "0xten", "0xhead"], order);
    }

    [Fact]
    public async Task a_packed_state_is_kept_as_what_it_unpacks_to()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("""{"from":"node"}"""u8.ToArray(), TestContext.Current.CancellationToken);
        await snapshot.KeepAsync(packed.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("""{"from":"node"}""", await File.ReadAllTextAsync(snapshot.Checkpoint, TestContext.Current.CancellationToken));
    }
}

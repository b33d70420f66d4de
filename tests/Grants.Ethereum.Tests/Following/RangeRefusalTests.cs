using Grants.Ethereum.Following;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

/// <summary>What providers have been seen to say; the limits are theirs, or made up where they vary by plan.</summary>
public sealed class RangeRefusalTests
{
    [Theory]
    [InlineData("Alchemy", "Based on your parameters, this block range should work: [0x64, 0x6d]", 10)]
    [InlineData("Alchemy, inverted", "this block range should work: [0x6d, 0x64]", 10)]
    [InlineData("Alchemy, by plan", "You can make eth_getLogs requests with up to a 500 block range.", 500)]
    [InlineData("Infura", "query returned more than 10000 results. Try with this block range [0x10, 0x1f].", 16)]
    [InlineData("QuickNode", "eth_getLogs is limited to a 10,000 range", 10_000)]
    [InlineData("1RPC", "eth_getLogs is limited to a 5000 block range", 5_000)]
    [InlineData("BlockPI", "eth_getLogs is limited to 1024 block range", 1_024)]
    [InlineData("Ankr on TAC", "maximum [from, to] blocks distance: 2000", 2_000)]
    [InlineData("dRPC", "ranges over 10000 blocks are not supported on freetier", 10_000)]
    [InlineData("Coinbase", "please limit the query to at most 1000 blocks", 1_000)]
    [InlineData("PublicNode", "exceed maximum block range: 50000", 50_000)]
    [InlineData("Cloudflare", "Max range: 800", 800)]
    [InlineData("thirdweb", "Maximum allowed number of requested blocks is 3500", 3_500)]
    [InlineData("Avalanche", "requested too many blocks from 1 to 5000, maximum is set to 2048", 2_048)]
    [InlineData("Merkle", "eth_getLogs range is too large, max is 10k blocks", 10_000)]
    [InlineData("Merkle, smaller", "eth_getLogs range is too large, max is 1k blocks", 1_000)]
    [InlineData("20,000 results", "query exceeds max results 20000, retry with the range 100-149", 50)]
    [InlineData("Hyperliquid", "query exceeds max block range 1000", 1_000)]
    [InlineData("Sei", "block range too large (5000), maximum allowed is 2000 blocks", 2_000)]
    public void the_number_of_blocks_that_is_granted_is_read(string who, string message, int blocks) =>
        Assert.Equal((who, blocks), (who, RangeRefusal.BlocksOf(message)));

    [Theory]
    [InlineData("block range is too wide")]
    [InlineData("Block range limit exceeded.")]
    [InlineData("block range too large")]
    [InlineData("exceeds the range allowed for your plan (5000 > 100)")]
    [InlineData("backend response too large")]
    [InlineData("response size should not greater than 150000000 bytes")]
    [InlineData("response is too big")]
    [InlineData("logs matched by query exceeds limit of 10000")]
    [InlineData("More than 50000 logs returned")]
    [InlineData("query timeout exceeded")]
    [InlineData("no backend is currently healthy to serve traffic")]
    [InlineData("limited to a 99999999999999999999 range")]
    [InlineData("this block range should work: [0xffffffffffffffffff, 0x0]")]
    [InlineData("")]
    public void what_says_no_number_of_blocks_leaves_it_to_halving(string message) => Assert.Null(RangeRefusal.BlocksOf(message));
}

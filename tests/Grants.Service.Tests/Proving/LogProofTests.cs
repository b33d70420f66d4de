using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Recording;
using Grants.Service.Tests.Ballots;
using Xunit;

namespace Grants.Service.Tests.Proving;

/// <summary>The log of a space on a real database: whatever was acknowledged is provable for ever, under every later head.</summary>
public sealed class LogProofTests(LocalServers servers) : IAsyncLifetime
{
    private const int Voters = 300;

    private BallotRig rig = null!;
    private OneSpace space = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await BallotRig.StartAsync(servers, space: OneSpace.Name);
        space = new OneSpace(rig);
    }

    public ValueTask DisposeAsync()
    {
        space.Dispose();
        return rig.DisposeAsync();
    }

    [Fact]
    public async Task a_receipt_stays_provable_under_every_later_head()
    {
        var vote = await space.OpenAsync(ARule.Simple, Voters);
        var receipts = new List<BallotReceipt>();
        foreach (var part in Enumerable.Range(0, Voters).Chunk(60))
            receipts.AddRange(await Task.WhenAll(part.Select(voter => space.CastAsync(vote, voter))));
        var leaves = (await rig.RecordsAsync(vote)).Select(BallotLog.Leaf).ToArray();
        var heads = await space.Log.HeadsAsync(OneSpace.Name, 0, 1_000, Cancellation);
        Assert.Equal(Voters, heads[^1].Head.Size);
        Assert.Equal(Enumerable.Range(0, Voters).Select(i => (long)i), receipts.Select(receipt => receipt.LogIndex).Order());
        foreach (var receipt in receipts)
        {
            Assert.Contains(receipt.Head, heads);
            foreach (var head in heads.Select(signed => signed.Head).Where(head => head.Size > receipt.LogIndex))
            {
                var path = await space.Log.RootsAsync(
                    OneSpace.Name, [.. LogPath.Inclusion(receipt.LogIndex, head.Size)], Cancellation);
                Assert.True(BallotLog.Verify(leaves[receipt.LogIndex], receipt.LogIndex, head.Size, path, head.Root));
            }
        }
    }

    [Fact]
    public async Task every_head_is_signed_and_the_beginning_of_every_later_one()
    {
        var vote = await space.OpenAsync(ARule.Simple, Voters);
        for (var begin = 0; begin < Voters; begin += 20)
            await Task.WhenAll(Enumerable.Range(begin, 20).Select(voter => space.CastAsync(vote, voter)));
        var heads = await space.Log.HeadsAsync(OneSpace.Name, 0, 1_000, Cancellation);
        Assert.True(heads.Count >= 15);
        Assert.All(heads, signed => Assert.True(
            Secp256k1.TryRecover(
                BallotTypedData.Digest(signed.Head.ToTyped(), BallotRig.ChainId), Signature.Parse(signed.Signature), out var signer)
            && signer == rig.Signer.Address));
        foreach (var older in heads)
        {
            foreach (var newer in heads.Where(newer => newer.Head.Size >= older.Head.Size))
            {
                var (from, to) = (older.Head, newer.Head);
                var proof = await space.Log.RootsAsync(OneSpace.Name, [.. LogPath.Consistency(from.Size, to.Size)], Cancellation);
                Assert.True(BallotLog.VerifyConsistency(from.Size, to.Size, proof, from.Root, to.Root));
            }
        }
    }

    [Fact]
    public async Task a_root_of_any_size_is_the_root_of_the_leaves()
    {
        var vote = await space.OpenAsync(ARule.Simple, Voters);
        await Task.WhenAll(Enumerable.Range(0, Voters).Select(voter => space.CastAsync(vote, voter)));
        var leaves = (await rig.RecordsAsync(vote)).Select(BallotLog.Leaf).ToArray();
        LeafSpan[] spans = [.. Enumerable.Range(0, Voters + 1).Select(size => new LeafSpan(0, size))];
        var roots = await space.Log.RootsAsync(OneSpace.Name, spans, Cancellation);
        for (var size = 0; size <= Voters; size++)
            Assert.Equal(BallotLog.Root(leaves.AsSpan(0, size)), roots[size]);
    }

    [Fact]
    public async Task heads_are_listed_from_any_size_on()
    {
        var vote = await space.OpenAsync(ARule.Simple, 5);
        for (var voter = 0; voter < 5; voter++)
            await space.CastAsync(vote, voter);
        var page = await space.Log.HeadsAsync(OneSpace.Name, 2, 2, Cancellation);
        Assert.Equal([3L, 4L], page.Select(signed => signed.Head.Size));
        Assert.Equal(5, (await space.Log.NewestHeadAsync(OneSpace.Name, Cancellation))!.Head.Size);
        Assert.Equal(page[0], await space.Log.HeadAsync(OneSpace.Name, 3, Cancellation));
        Assert.Null(await space.Log.HeadAsync(OneSpace.Name, 9, Cancellation));
    }

    [Fact]
    public async Task a_space_without_ballots_has_an_empty_log()
    {
        Assert.Equal(0, await space.Log.SizeAsync("nobody", Cancellation));
        Assert.Null(await space.Log.NewestHeadAsync("nobody", Cancellation));
        Assert.Equal([BallotLog.EmptyRoot], await space.Log.RootsAsync("nobody", [new LeafSpan(0, 0)], Cancellation));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => space.Log.RootsAsync("nobody", [new LeafSpan(0, 1)], Cancellation));
    }

    [Fact]
    public async Task the_log_key_is_made_once_and_only_its_owner_reads_it()
    {
        var again = await rig.AnotherNodeAsync();
        Assert.Equal(rig.Signer.Address, again.Signer.Address);
        Assert.NotEqual(Address.Zero, again.Signer.Address);
        await again.DisposeAsync();
    }
}

using System.Security.Cryptography;
using Grants.Cli.Verify;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.Ballots.Log;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Cli.Tests.Verify;

/// <summary>
/// A vote held by a test: real keys, a real log with other votes' leaves in it, and its export. Nothing checks what is cast, so
/// that a dishonest service can be played too.
/// </summary>
internal sealed class Election(VotingRules? rules = null, int accounts = 12)
{
    public const string Space = "metis";

    public const long ChainId = 31_337;

    public const long OpensAt = 1_767_225_600_250;

    public static readonly PrivateKey LogKey = KeyOf("log");

    private static readonly Hash32 Proposal = Keccak256.Hash("a proposal");

    private static readonly Hash32 ProposalHash = Keccak256.Hash("its content");

    private readonly List<(BallotRecord? Record, Hash32 Leaf)> log = [];

    public static VotingRules Basic { get; } = VotingRules.ForAndAgainst(
        [new Quorum(QuorumKind.Voters, 2), new Quorum(QuorumKind.SupplyShare, 100, QuorumCounting.ForAndAbstain)],
        Threshold.SimpleMajority,
        3_600,
        PowerStrategy.BalanceOf(KeyOf("token").Address));

    public VotingRules Rules { get; } = rules ?? Basic;

    public PowerSnapshot Snapshot { get; set; } = PowerSnapshot.Of(
        Enumerable.Range(0, accounts).Select(voter => new AccountPower(AddressOf(voter), (ulong)(1_000 + voter))));

    /// <summary>What the service certifies; the count of the ballots where it is honest.</summary>
    public VotingOutcome? Certified { get; set; }

    /// <summary>The records in the order of the log, each at its place.</summary>
    public IReadOnlyList<BallotRecord> Records => [.. log.Select(entry => entry.Record).OfType<BallotRecord>()];

    public static PrivateKey KeyOf(string name) => PrivateKey.Parse(Keccak256.Hash(name).ToString());

    public static Address AddressOf(int voter) => KeyOf($"voter {voter}").Address;

    public Election Cast(int voter, string choice, ulong nonce = 1) => Add(Signed(voter, choice, nonce));

    public Election CastByContract(Address contract, string choice)
    {
        var record = Signed(0, choice, 1);
        var ballot = record.Ballot with { Voter = contract };
        return Add(record with
        {
            Ballot = ballot,
            Power = Snapshot.Accounts.Single(account => account.Account == contract).Power,
            Signature = "0xc0ffee",
            SignatureKind = SignatureKind.Erc1271,
            Digest = TypedSignature.Digest(ballot.ToTyped(), ChainId),
        });
    }

    /// <summary>Takes up a record as it is, at the next place.</summary>
    public Election Add(BallotRecord record)
    {
        var placed = record with { Index = log.Count };
        log.Add((placed, BallotLog.Leaf(placed)));
        return this;
    }

    /// <summary>Leaves of other votes.</summary>
    public Election Others(int count)
    {
        for (var i = 0; i < count; i++)
            log.Add((null, new Hash32(SHA256.HashData(BitConverter.GetBytes(log.Count)))));
        return this;
    }

    /// <summary>A ballot as its voter signs it.</summary>
    public BallotRecord Signed(int voter, string choice, ulong nonce)
    {
        var ballot = new SignedBallot(
            Space, Proposal, ProposalHash, AddressOf(voter), choice, nonce, (OpensAt / 1_000) + 7_200, $"Because of \"{voter}\" ☂");
        var digest = TypedSignature.Digest(ballot.ToTyped(), ChainId);
        var power = Snapshot.Accounts.Single(account => account.Account == ballot.Voter).Power;
        return new BallotRecord(
            0,
            ballot,
            power,
            KeyOf($"voter {voter}").Sign(digest).ToString(),
            SignatureKind.Ecdsa,
            digest,
            DateTimeOffset.FromUnixTimeMilliseconds(OpensAt + (100 * log.Count)));
    }

    /// <summary>The receipt of a record, as JSON: its place under the head of so many leaves.</summary>
    public string ReceiptOf(BallotRecord record, int size, bool withPath)
    {
        Hash32[] leaves = [.. log.Take(size).Select(entry => entry.Leaf)];
        var signed = Sign(new TreeHead(Space, size, BallotLog.Root(leaves), OpensAt / 1_000));
        var path = withPath
            ? $",\"path\":[{string.Join(',', BallotLog.InclusionProof(leaves, (int)record.Index).Select(hash => $"\"{hash}\""))}]"
            : "";
        return $$"""
            {"voteId":"{{record.Ballot.Proposal}}","voter":"{{record.Ballot.Voter}}","nonce":"{{record.Ballot.Nonce}}",
             "logIndex":{{record.Index}},"treeHead":{"space":"{{Space}}","size":{{size}},"root":"{{signed.Head.Root}}",
             "timestamp":{{signed.Head.Timestamp}},"signature":"{{signed.Signature}}"}{{path}}}
            """;
    }

    /// <summary>The lines, the seal last.</summary>
    public ExportText Export()
    {
        var lines = new List<ExportLine> { Manifest() };
        for (var place = 0; place < log.Count;)
        {
            if (log[place].Record is { } record)
            {
                var proof = Snapshot.Proof(record.Ballot.Voter) ?? [];
                lines.Add(ExportedBallot.Of(record, proof));
                place++;
                continue;
            }

            var end = log.FindIndex(place, entry => entry.Record is not null) is var found and >= 0 ? found : log.Count;
            lines.AddRange(LogPath.Cover(new LeafSpan(place, end)).Select(subtree =>
                new OtherLeaves(subtree.First, subtree.Level, RootOf(subtree))));
            place = end;
        }

        return ExportText.Of(lines);
    }

    private ExportManifest Manifest()
    {
        var period = Rules.VotingPeriodSeconds * 1_000;
        var terms = ExportFormat.Write(new VoteTerms(
            Space,
            ChainId,
            Proposal,
            Proposal,
            1,
            ProposalHash,
            Rules,
            new PowerFacts(
                new BlockRef(77, Keccak256.Hash("block"), 1_767_225_000), Snapshot.Root, Snapshot.Total, 100_000, Snapshot.Accounts.Length),
            OpensAt,
            OpensAt + period));
        var honest = Tally.Fold(Rules, Records).Outcome(Rules, 100_000);
        var outcome = ExportFormat.Write(Certified ?? honest);
        Hash32[] leaves = [.. log.Select(entry => entry.Leaf)];
        var certificate = new VoteCertificate(
            Space,
            Proposal,
            terms.Hash(),
            Snapshot.Root,
            Records.Count,
            BallotLog.Root([.. Records.Select(BallotLog.Leaf)]),
            (Certified ?? honest).IsApproved,
            outcome.Hash(),
            leaves.Length,
            BallotLog.Root(leaves));
        var head = leaves.Length == 0 ? null : Sign(new TreeHead(Space, leaves.Length, BallotLog.Root(leaves), (OpensAt + period) / 1_000));
        return new ExportManifest(
            ExportFormat.Version,
            terms,
            outcome,
            new SignedVoteCertificate(certificate, Sign(certificate.ToTyped())),
            head,
            LogKey.Address);
    }

    private Hash32 RootOf(LeafSpan span) =>
        BallotLog.Root([.. log.Skip((int)span.First).Take((int)span.Count).Select(entry => entry.Leaf)]);

    private static SignedTreeHead Sign(TreeHead head) => new(head, Sign(head.ToTyped()));

    private static string Sign(TypedStruct data) => LogKey.Sign(TypedSignature.Digest(data, ChainId)).ToString();
}

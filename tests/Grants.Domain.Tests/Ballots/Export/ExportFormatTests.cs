using System.Text;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.Ballots.Log;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Proposals;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Export;

public sealed class ExportFormatTests
{
    private const string Nought = "0x0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly BallotRecord Record = ABallot.Record(1, "1", 100, 7, 12);

    private static readonly VoteTerms Terms = new(
        AProgram.Space,
        1_088,
        AProposal.Id,
        AProposal.Id,
        1,
        AProposal.Content.Hash(),
        AProgram.Rules with { Revote = AProgram.Rules with { VotingPeriodSeconds = 7 } },
        new PowerFacts(new BlockRef(9, Hash32.Zero, 1_700_000_000), Hash32.Zero, 1_000, UInt256.MaxValue, 3),
        1_767_225_600_000,
        1_767_225_900_001);

    private static readonly VotingOutcome Outcome = Tally.Fold(AProgram.Rules, [Record]).Outcome(AProgram.Rules, 1_000);

    private static readonly ExportManifest Manifest = new(
        ExportFormat.Version,
        ExportFormat.Write(Terms),
        ExportFormat.Write(Outcome),
        new SignedVoteCertificate(
            new VoteCertificate(
                AProgram.Space, AProposal.Id, Hash32.Zero, Hash32.Zero, 1, Hash32.Zero, true, Hash32.Zero, 13, BallotLog.EmptyRoot),
            "0x01"),
        new SignedTreeHead(new TreeHead(AProgram.Space, 13, Hash32.Zero, 5), "0x02"),
        AProgram.Ada);

    public static TheoryData<string> Lines() =>
    [
        .. new ExportLine[]
        {
            Manifest, Manifest with { TreeHead = null }, ExportedBallot.Of(Record, [Hash32.Zero]), ExportedBallot.Of(Record, []),
            new OtherLeaves(8, 3, Hash32.Zero), new ExportSeal(Hash32.Zero),
        }.Select(line => Encoding.UTF8.GetString(ExportFormat.Write(line))),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void a_line_is_read_as_it_was_written(string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(ExportFormat.Write(ExportFormat.ReadLine(Encoding.UTF8.GetBytes(line)))));

    [Fact]
    public void a_ballot_is_written_whole() => Assert.Equal(
        $$"""
        {"type":"ballot","index":12,"ballot":{"space":"{{AProgram.Space}}","proposal":"{{AProposal.Id}}",
        "proposalHash":"{{AProposal.Content.Hash()}}","voter":"{{Record.Ballot.Voter}}","choice":"1","nonce":"7",
        "expiresAt":{{Record.Ballot.ExpiresAt}},"reason":"They build."},"signature":"0x5e","kind":"ECDSA",
        "acceptedAt":{{Record.AcceptedAt.ToUnixTimeMilliseconds()}},"power":"100","powerProof":["{{Hash32.Zero}}"]}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(ExportFormat.Write(ExportedBallot.Of(Record, [Hash32.Zero]))));

    [Fact]
    public void terms_and_outcome_come_back_equal()
    {
        Assert.Equal(Terms, ExportFormat.ReadTerms(ExportFormat.Write(Terms)));
        Assert.Equal(Outcome, ExportFormat.ReadOutcome(ExportFormat.Write(Outcome)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"seal\"}")]
    [InlineData("{\"type\":\"seal\",\"sha256\":null}")]
    [InlineData("{\"type\":\"seal\",\"sha256\":\"0x12\"}")]
    [InlineData("{\"type\":\"sealed\",\"sha256\":\"" + Nought + "\"}")]
    [InlineData("{\"type\":\"others\",\"first\":\"1\",\"level\":0,\"root\":\"" + Nought + "\"}")]
    [InlineData("{\"type\":\"others\",\"first\":1.5,\"level\":0,\"root\":\"" + Nought + "\"}")]
    public void what_is_no_line_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ExportFormat.ReadLine(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Lines))]
    public void a_member_too_many_or_twice_is_refused(string line)
    {
        Assert.Throws<FormatException>(() => ExportFormat.ReadLine(Encoding.UTF8.GetBytes($"{line[..^1]},\"more\":1}}")));
        Assert.Throws<FormatException>(() => ExportFormat.ReadLine(Encoding.UTF8.GetBytes($"{line[..^1]},{line[1..]}")));
        Assert.Throws<FormatException>(() => ExportFormat.ReadLine(Encoding.UTF8.GetBytes(line + line)));
    }

    [Fact]
    public void rules_that_no_program_could_have_are_refused() => Assert.Throws<FormatException>(() =>
        ExportFormat.ReadTerms(ExportFormat.Write(Terms with { Rules = Terms.Rules with { System = "dice@1" } })));

    [Fact]
    public void a_hash_of_exact_json_is_of_its_letters()
    {
        Assert.Equal("0x44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", new ExactJson("{}").Hash().ToString());
        Assert.NotEqual(new ExactJson("{}").Hash(), new ExactJson("{ }").Hash());
    }
}

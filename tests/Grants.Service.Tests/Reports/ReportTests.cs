using System.Collections.Immutable;
using System.Text;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Reports;
using Ical.Net;
using Xunit;

namespace Grants.Service.Tests.Reports;

/// <summary>Reports of one program: two proposals, of which one became an award with a milestone that is overdue.</summary>
public sealed class ReportTests
{
    private const long Start = 1_800_000_000;

    private static readonly Address Ada = Account("Ada");
    internal static readonly DaoAddresses Addresses = new(new Space("metis", "Metis"), new Uri("https://grants.example.org"));

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1+1")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    public async Task a_title_that_a_spreadsheet_would_compute_is_written_as_text(string title)
    {
        var cell = (await SheetAsync(title))[1];
        Assert.DoesNotMatch("^\"?[=+@\\t\\r-]", cell);
        Assert.Contains('\'', cell);
    }

    [Fact]
    public async Task a_title_with_commas_quotes_and_hangul_is_one_cell()
    {
        using var text = new MemoryStream();
        await ProgramSheets.Proposals(Records("하나, \"둘\"")).WriteCsvAsync(text, TestContext.Current.CancellationToken);
        var lines = Encoding.UTF8.GetString(text.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("proposal_id,title,state,", lines[0], StringComparison.Ordinal);
        Assert.Contains(",\"하나, \"\"둘\"\"\",Approved,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void the_figures_are_those_of_the_awards()
    {
        var figures = ProgramFigures.Of(Records(), Start + 1_000);
        Assert.Equal((5_000UL, 1_000UL, 600UL, 400UL), Money(figures));
        Assert.Equal(
            [(ProposalState.Submitted, 1, (UInt256?)7UL), (ProposalState.Approved, 1, 1_000UL)],
            figures.Funnel.Select(step => (step.State, step.Proposals, step.RequestedAmount)));
        Assert.Equal((1, 0, 0), (figures.MilestonesDue, figures.MilestonesOnTime, figures.OnTimeShare!.Value.Value));
        Assert.Null(ProgramFigures.Of(Records(), Start).OnTimeShare);

        static (UInt256, UInt256, UInt256, UInt256) Money(ProgramFigures of) => (of.Budget, of.Committed, of.Released, of.Remaining);
    }

    [Fact]
    public void sums_of_requests_that_are_no_amount_are_left_out()
    {
        var records = Records();
        var vain = records.Proposals[1] with
        {
            Content = records.Proposals[1].Content with { RequestedAmount = UInt256.MaxValue },
        };
        var figures = ProgramFigures.Of(records with { Proposals = [vain, vain with { Id = "another" }] }, Start);
        Assert.Equal((2, null), (Assert.Single(figures.Funnel).Proposals, figures.Funnel[0].RequestedAmount));
    }

    [Fact]
    public void the_calendar_has_the_deadline_and_the_release_to_come()
    {
        var text = ProgramCalendar.Write(Records("A \"thing\"; with, signs"), "metis");
        var calendar = Calendar.Load(text)!;
        Assert.Equal(
            ["Due: Ship it (A \"thing\"; with, signs)", "Release of 300 base units (A \"thing\"; with, signs)"],
            calendar.Events.Select(one => one.Summary).Order());
        Assert.Equal(
            [Start + 300, Start + 500],
            calendar.Events.Select(one => new DateTimeOffset(one.Start!.AsUtc).ToUnixTimeSeconds()).Order());
        Assert.Equal(calendar.Events.Count, calendar.Events.Select(one => one.Uid).Distinct().Count());
        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
    }

    [Fact]
    public void an_application_says_what_was_paid_and_proves_it()
    {
        var document = DaoExport.Applications(Records(), Addresses);
        var applications = document["grantPools"]![0]!["applications"]!.AsArray();
        Assert.Equal(["funded", "pending"], applications.Select(one => one!["status"]!.GetValue<string>()));
        var payout = Assert.Single(applications[0]!["payouts"]!.AsArray())!;
        Assert.Equal("600", payout["value"]!["amount"]!.GetValue<string>());
        Assert.Equal(Evidence("release").TransactionHash.ToString(), payout["proof"]!.GetValue<string>());
        Assert.Equal("400", applications[0]!["extensions"]!["x-vesting"]!["remaining"]!.GetValue<string>());
        Assert.Equal(
            $"eip155:1:{Account("vault")}?contractId=metis/builders", applications[0]!["grantPoolId"]!.GetValue<string>());
        Assert.Equal("https://grants.example.org/spaces/metis/grant-pools.json", applications[0]!["grantPoolsURI"]!.GetValue<string>());
    }

    [Fact]
    public void what_a_guardian_hid_is_in_no_report()
    {
        var records = Records("Secret");
        records = records with { Proposals = [.. records.Proposals.Select(proposal => proposal with { HiddenBecause = "Spam." })] };
        Assert.DoesNotContain("Secret", DaoExport.Applications(records, Addresses).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", ProgramCalendar.Write(records, "metis"), StringComparison.Ordinal);
    }

    [Fact]
    public void a_pool_is_open_while_a_round_is()
    {
        var (opens, closes) = (DateTimeOffset.FromUnixTimeSeconds(Start), DateTimeOffset.FromUnixTimeSeconds(Start + 100));
        var program = Records().Program;
        program = program with
        {
            Terms = program.Terms with { Intake = IntakeRules.Anything with { Rounds = [new SubmissionRound("First", opens, closes)] } },
        };
        Assert.True(IsOpen(opens));
        Assert.False(IsOpen(closes));

        bool IsOpen(DateTimeOffset at) =>
            DaoExport.Pools([program], Addresses, at)["grantPools"]![0]!["isOpen"]!.GetValue<bool>();
    }

    private static async Task<string[]> SheetAsync(string title)
    {
        using var text = new MemoryStream();
        await ProgramSheets.Proposals(Records(title)).WriteCsvAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray()).Split("\r\n")[1].Split(',');
    }

    internal static ProgramRecords Records(string title = "A thing")
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(Start);
        var policy = ReinvestmentPolicy.OfTwoRules(
            "policy", 1, new BasisPoints(3_000), new BasisPoints(5_000), 100, 100, [], []);
        var terms = new ProgramOpened(
            "builders", "metis", "Builders", 1, Account("token"), Account("vault"), 5_000,
            VotingRules.ForAndAgainst([], Threshold.SimpleMajority, 100, PowerStrategy.BalanceOf(Account("token"))),
            new VestingTemplate(0, 1_000), policy, 0, Ada, at);
        var approved = Proposal(title, 1_000, at) with { State = ProposalState.Approved };
        var award = AwardOf(approved.ProposalId, policy, at);
        return new ProgramRecords(
            new FundingProgram(
                terms.ProgramId, terms, ImmutableDictionary<string, UInt256>.Empty.Add(award.Terms.AwardId.ToString(), 1_000)),
            [approved, Proposal("Another", 7, at) with { State = ProposalState.Submitted }],
            [award]);
    }

    private static Proposal Proposal(string title, ulong amount, DateTimeOffset at)
    {
        var id = Keccak256.Hash(title);
        return new Proposal(
            Domain.Proposals.Proposal.StreamId(id), id, "builders", Ada, new ProposalContent(title, "Why not.", amount, Ada),
            ProposalState.Draft, at);
    }

    // 600 at the start, paid; 300 after 300 seconds; 100 with a milestone after 500.
    private static Award AwardOf(Hash32 proposalId, ReinvestmentPolicy policy, DateTimeOffset at)
    {
        var terms = new AwardTerms(
            Award.IdOf(proposalId), proposalId, "builders", 1, Account("token"), Account("vault"), Account("treasury"), Ada, 1_000,
            new TranchedVesting(
            [
                new VestingTranche(Start, 600), new VestingTranche(Start + 300, 300), new VestingTranche(Start + 500, 100, 1),
            ]),
            policy,
            Milestones: [new Milestone("Ship it", "All of it.", new BasisPoints(10_000), 500)],
            StartAt: Start);
        var releaseId = VaultOrderId.Release(terms, 1, 600);
        var block = new BlockRef(1, Keccak256.Hash("block"), Start);
        object[] events =
        [
            new AwardGranted(terms, VaultOrderId.Reservation(terms), at),
            new AwardReserved(terms.AwardId, Evidence("reservation")),
            new ReleaseOrdered(terms.AwardId, 1, 600, releaseId, 600, block, Ada),
            new TrancheReleased(terms.AwardId, 1, 600, releaseId, Evidence("release")),
        ];
        return events.Aggregate((Award?)null, Award.Evolve)!;
    }

    private static Address Account(string name) => new(Keccak256.Hash(name).ToBytes().AsSpan(12));

    private static EventKey Evidence(string what) => new(1, 1, Keccak256.Hash("block"), Keccak256.Hash(what), 0);
}

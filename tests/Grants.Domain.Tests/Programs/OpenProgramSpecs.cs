using System.Text.Json;
using Grants.Domain.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class OpenProgramSpecs
{
    private static readonly OpenProgram Open = new(Opened, Opened.Budget);

    [Fact]
    public void a_program_is_opened_on_its_terms() => Given().When(Opening(Open)).Then(Opened);

    [Fact]
    public void a_program_is_opened_once() =>
        Given(Opened).When(Opening(Changed(Opened with { OpenedAt = At.AddDays(1) }) with { VaultBalance = 0 })).ThenNothing();

    [Fact]
    public void a_program_is_not_opened_with_another_budget() => NotOpenedAgain(Opened with { Budget = 999 });

    [Fact]
    public void a_program_is_not_opened_with_another_policy() => NotOpenedAgain(Opened with { Policy = Policy with { Labels = [] } });

    [Fact]
    public void a_program_is_not_opened_by_somebody_else() => NotOpenedAgain(Opened with { OpenedBy = Ada });

    [Theory]
    [InlineData("abc")]
    [InlineData("a-2")]
    [InlineData("a23456789012345678901234567890123456789012345678")]
    public void an_id_of_a_program_has_3_to_48_characters(string id) =>
        Given().When(Opening(Changed(Opened with { ProgramId = id }))).Then(Opened with { ProgramId = id });

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Abc")]
    [InlineData("1bc")]
    [InlineData("-bc")]
    [InlineData("a_b")]
    [InlineData("a/b")]
    [InlineData("abé")]
    [InlineData("abc\n")]
    [InlineData("abc ")]
    [InlineData("a234567890123456789012345678901234567890123456789")]
    public void a_bad_id_is_refused(string id) => Refused("programId", Opened with { ProgramId = id });

    [Fact]
    public void a_program_has_a_name() => Refused("name", Opened with { Name = "" });

    [Fact]
    public void a_name_of_200_characters_is_long_enough()
    {
        var opened = Opened with { Name = new string('n', 200) };
        Given().When(Opening(Changed(opened))).Then(opened);
        Refused("name", opened with { Name = opened.Name + 'n' });
    }

    [Fact]
    public void a_budget_of_nothing_is_refused() => Refused("budget", Opened with { Budget = 0 });

    [Fact]
    public void the_zero_address_is_no_token() => Refused("token", Opened with { Token = Address.Zero });

    [Fact]
    public void the_zero_address_is_no_vault() => Refused("vault", Opened with { Vault = Address.Zero });

    [Fact]
    public void a_chain_is_watched_from_its_first_block_at_the_earliest()
    {
        Given().When(Opening(Changed(Opened with { WatchFromBlock = 0 }))).Then(Opened with { WatchFromBlock = 0 });
        Refused("watchFromBlock", Opened with { WatchFromBlock = -1 });
    }

    [Fact]
    public void bad_voting_rules_are_refused() =>
        Refused("votingRules.system", Opened with { VotingRules = Rules with { System = "basic@2" } });

    [Fact]
    public void a_bad_vesting_template_is_refused() =>
        Refused("vesting.cliffSeconds", Opened with { Vesting = Vesting with { CliffSeconds = 401 } });

    [Fact]
    public void a_template_of_the_first_version_reads_on() => Assert.Equal(
        Vesting, JsonSerializer.Deserialize<VestingTemplate>("""{"CliffSeconds":100,"DurationSeconds":400,"Tranches":4}"""));

    [Theory]
    [InlineData("vesting.parts", 4_000, 5_000, 0, 10)]
    [InlineData("vesting.parts", 4_000, 6_000, 11, 10)]
    [InlineData(null, 4_000, 6_000, 10, 10)]
    public void parts_sum_to_the_whole_and_come_in_order(string? field, int first, int second, long from, long to)
    {
        var parts = new VestingTemplate(0, 0, Parts: [new(from, new BasisPoints(first)), new(to, new BasisPoints(second), 1)]);
        Assert.Equal(field, (parts.Validate() as InvalidValue)?.Field);
    }

    [Fact]
    public void a_line_is_paid_so_often_and_no_more()
    {
        var line = new VestingTemplate(0, 1_001);
        Assert.Equal("vesting.releasePeriodSeconds", (line.Validate() as InvalidValue)?.Field);
        Assert.Null((line with { ReleasePeriodSeconds = 2 }).Validate());
        Assert.Null((line with { GranularitySeconds = 2 }).Validate());
        Assert.Equal(
            "vesting.cliffUnlock",
            ((line with { ReleasePeriodSeconds = 2, CliffUnlock = new BasisPoints(1) }).Validate() as InvalidValue)?.Field);
    }

    [Fact]
    public void an_agreement_that_says_nothing_is_none() => Refused("agreement", Opened with { Agreement = "" });

    [Fact]
    public void milestones_of_a_proposal_become_tranches_in_order_of_time()
    {
        var curve = (TranchedVesting)Vesting.CurveOf(
            1_003, 1_000, [new("B", "", new BasisPoints(4_000), 300), new("A", "", new BasisPoints(6_000), 50)]);
        Assert.Equal([new VestingTranche(1_100, 602, 2), new VestingTranche(1_300, 401, 1)], curve.Tranches);
        Assert.Null(curve.Validate());
    }

    [Fact]
    public void a_bad_policy_is_refused() => Refused("reinvestmentPolicy.version", Opened with { Policy = Policy with { Version = 0 } });

    [Fact]
    public void a_deposit_goes_to_nobody_who_takes_the_tokens_for_another_reason()
    {
        var policy = Policy with { Labels = [new LabelledAddress(Treasury, AddressKind.Treasury)] };
        Address[] holders = [Vault, Token, Treasury, Ada];
        Assert.Equal(
            ["intake.deposit.holder", "intake.deposit.holder", "intake.deposit.holder", "accepted"],
            holders.Select(holder => Objection(
                Changed(Opened with
                {
                    Policy = policy,
                    Intake = IntakeRules.Anything with { Deposit = new DepositRules(Token, 5, holder, true) },
                }),
                null) ?? "accepted"));
    }

    [Fact]
    public void a_budget_above_what_the_vault_holds_is_refused() =>
        Given().When(Opening(Open with { VaultBalance = Opened.Budget - 1 })).ThenRejected("BUDGET_NOT_FUNDED");

    [Fact]
    public void the_first_objection_is_told()
    {
        var terms = Opened with
        {
            ProgramId = "",
            Name = "",
            Budget = 0,
            Token = Address.Zero,
            Vault = Address.Zero,
            WatchFromBlock = -1,
            VotingRules = Rules with { System = "" },
            Vesting = Vesting with { Tranches = -1 },
            Policy = Policy with { Version = 0 },
        };
        ProgramOpened[] mended =
        [
            terms,
            terms = terms with { ProgramId = Id },
            terms = terms with { Name = Opened.Name },
            terms = terms with { Budget = 1 },
            terms = terms with { Token = Token },
            terms = terms with { Vault = Vault },
            terms = terms with { WatchFromBlock = 0 },
            terms = terms with { VotingRules = Rules },
            terms = terms with { Vesting = Vesting },
            terms with { Policy = Policy },
        ];
        Assert.Equal(
            [
                "programId", "name", "budget", "token", "vault", "watchFromBlock", "votingRules.system", "vesting.tranches",
                "reinvestmentPolicy.version", "BUDGET_NOT_FUNDED",
            ],
            mended.Select(one => Objection(new OpenProgram(one, 0), null)));
        Assert.Equal("PROGRAM_EXISTS", Objection(new OpenProgram(mended[0], 0), FundingProgram.Evolve(null, Opened)));
    }

    private static void Refused(string field, ProgramOpened terms) => Assert.Equal(field, Objection(Changed(terms), null));

    private static void NotOpenedAgain(ProgramOpened terms) =>
        Given(Opened).When(Opening(Changed(terms))).ThenRejected("PROGRAM_EXISTS");

    private static string? Objection(OpenProgram command, FundingProgram? state) => FundingProgram.Decide(command, state).Rejection switch
    {
        InvalidValue invalid => invalid.Field,
        var other => other?.Code,
    };

    private static OpenProgram Changed(ProgramOpened terms) => Open with { Program = terms };

    private static Func<FundingProgram?, Decision> Opening(OpenProgram command) => state => FundingProgram.Decide(command, state);

    private static Spec<FundingProgram> Given(params object[] events) =>
        new Spec<FundingProgram>(FundingProgram.Evolve).Given(events);
}

using System.Text.Json;
using Grants.Domain.Proposals;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

/// <summary>Budget, milestones, labels, discussion, conflicts and answers.</summary>
public sealed class ContentDetailsTests
{
    private static readonly Milestone Testnet = new("Testnet", "It runs.", new BasisPoints(4_000), 86_400);

    private static readonly Milestone Mainnet = new("Mainnet", "", new BasisPoints(6_000), 0);

    private static readonly ProposalContent Detailed = Content with
    {
        Budget = [new BudgetLine("Work", 400), new BudgetLine("Audit", 200)],
        Milestones = [Testnet, Mainnet],
        Labels = ["defi", "dex-2"],
        Discussion = "https://forum.example/t/1",
        Conflicts = [new DeclaredConflict(AProgram.Bo, "A cousin.")],
        Answers = """{"team":"two"}""",
    };

    [Fact]
    public void all_parts_together_are_sound() => Assert.Null(Detailed.Validate());

    [Fact]
    public void a_budget_sums_to_the_requested_amount()
    {
        Refused("budget", Detailed with { Budget = [new BudgetLine("Work", 599)] });
        Refused("budget", Detailed with { Budget = [new BudgetLine("Work", 600), new BudgetLine("Audit", 1)] });
        Refused("budget", Detailed with { Budget = [new BudgetLine("Work", UInt256.MaxValue), new BudgetLine("Audit", 601)] });
        Refused("budget", Detailed with { Budget = [.. Enumerable.Repeat(new BudgetLine("Work", 1), 101)] });
    }

    [Fact]
    public void a_line_of_a_budget_says_what_and_how_much()
    {
        Refused("budget.1.item", Detailed with { Budget = [new BudgetLine("Work", 400), new BudgetLine(" ", 200)] });
        Refused("budget.0.item", Detailed with { Budget = [new BudgetLine("a\nb", 600)] });
        Refused("budget.0.amount", Detailed with { Budget = [new BudgetLine("Work", 0), new BudgetLine("Audit", 600)] });
    }

    [Fact]
    public void milestones_share_the_whole_award()
    {
        Refused("milestones", Detailed with { Milestones = [Testnet] });
        Refused("milestones", Detailed with { Milestones = [Testnet, Mainnet, Testnet] });
        Refused("milestones", Detailed with { Milestones = [.. Enumerable.Repeat(Testnet with { Share = new BasisPoints(1) }, 51)] });
        Refused("milestones.1.share", Detailed with { Milestones = [Testnet, Mainnet with { Share = default }] });
        Refused("milestones.0.title", Detailed with { Milestones = [Testnet with { Title = "" }, Mainnet] });
        Refused("milestones.1.description", Detailed with { Milestones = [Testnet, Mainnet with { Description = "a\0b" }] });
        Refused("milestones.0.dueAfterSeconds", Detailed with { Milestones = [Testnet with { DueAfterSeconds = -1 }, Mainnet] });
        Refused("milestones.0.dueAfterSeconds", Detailed with { Milestones = [Testnet with { DueAfterSeconds = long.MaxValue }, Mainnet] });
    }

    [Theory]
    [InlineData("DeFi")]
    [InlineData("a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void a_label_is_a_word(string label) => Refused("labels", Detailed with { Labels = [label] });

    [Fact]
    public void labels_are_ten_at_most_and_each_once()
    {
        Refused("labels", Detailed with { Labels = ["defi", "defi"] });
        Refused("labels", Detailed with { Labels = [.. Enumerable.Range(10, 11).Select(i => $"label-{i}")] });
    }

    [Theory]
    [InlineData("http://forum.example/t/1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("forum.example")]
    [InlineData("https://")]
    [InlineData("https://ada:secret@forum.example/")]
    [InlineData("https://forum.example/a b")]
    [InlineData("https://forum.example/\n")]
    [InlineData("")]
    public void a_discussion_is_a_secure_link(string link) => Refused("discussion", Detailed with { Discussion = link });

    [Fact]
    public void a_conflict_names_an_account_once_and_its_interest()
    {
        Refused("conflicts", Detailed with { Conflicts = [new DeclaredConflict(Address.Zero, "A cousin.")] });
        Refused("conflicts", Detailed with { Conflicts = [new DeclaredConflict(AProgram.Bo, "")] });
        Refused("conflicts", Detailed with { Conflicts = [.. Detailed.Conflicts, new DeclaredConflict(AProgram.Bo, "A friend.")] });
    }

    [Fact]
    public void answers_have_20_000_characters_at_most()
    {
        Assert.Null((Detailed with { Answers = new string('1', ProposalContent.AnswersLengthMax) }).Validate());
        Refused("answers", Detailed with { Answers = new string('1', ProposalContent.AnswersLengthMax + 1) });
    }

    [Fact]
    public void the_hash_is_that_of_the_json_as_anybody_writes_it() => Assert.All(
        VectorFile.Cases("published-hashes.json", "detailed"),
        golden =>
        {
            var content = JsonSerializer.Deserialize<ProposalContent>(golden.Text("json"), JsonSerializerOptions.Web)!;
            Assert.Null(content.Validate());
            Assert.Equal(golden.Text("hash"), content.Hash().ToString());
        });

    [Fact]
    public void the_hash_covers_every_part()
    {
        ProposalContent[] contents =
        [
            Detailed,
            Detailed with { Budget = [] },
            Detailed with { Budget = [.. Detailed.Budget.Reverse()] },
            Detailed with { Milestones = [] },
            Detailed with { Milestones = [Testnet with { Description = "" }, Mainnet] },
            Detailed with { Milestones = [Testnet with { DueAfterSeconds = 0 }, Mainnet] },
            Detailed with { Labels = ["defi"] },
            Detailed with { Discussion = null },
            Detailed with { Conflicts = [] },
            Detailed with { Answers = null },
        ];
        Assert.Equal(contents.Length, contents.Select(content => content.Hash()).Distinct().Count());
    }

    [Fact]
    public void what_was_stored_before_there_were_other_parts_reads_without_them()
    {
        const string Old = """
            {"title":"A DEX","body":"We build it.","requestedAmount":"600","recipient":"0x79Bf15D4BA89251C24e378F114F7A029C5DE2226"}
            """;
        var content = JsonSerializer.Deserialize<ProposalContent>(Old, JsonSerializerOptions.Web)!;
        Assert.Equal(
            new ProposalContent("A DEX", "We build it.", 600, Address.Parse("0x79Bf15D4BA89251C24e378F114F7A029C5DE2226")), content);
        Assert.Equal(content, JsonSerializer.Deserialize<ProposalContent>(JsonSerializer.Serialize(content)));
        Assert.Empty(content.Milestones);
    }

    private static void Refused(string field, ProposalContent content) =>
        Assert.Equal(field, Assert.IsType<InvalidValue>(content.Validate()).Field);
}

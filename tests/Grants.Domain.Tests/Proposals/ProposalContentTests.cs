using Grants.Domain.Proposals;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class ProposalContentTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    [InlineData("a\tb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    public void a_title_is_one_line(string title) => Refused("title", Content with { Title = title });

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("a\0b")]
    public void a_body_is_text(string body) => Refused("body", Content with { Body = body });

    [Fact]
    public void a_title_has_200_characters_at_most()
    {
        var content = Content with { Title = new string('t', ProposalContent.TitleLengthMax) };
        Assert.Null(content.Validate());
        Refused("title", content with { Title = content.Title + 't' });
    }

    [Fact]
    public void a_body_has_10_000_characters_at_most()
    {
        var content = Content with { Body = new string('b', ProposalContent.BodyLengthMax) };
        Assert.Null(content.Validate());
        Refused("body", content with { Body = content.Body + 'b' });
    }

    [Fact]
    public void a_body_may_have_lines_and_markup() => Assert.Null((Content with { Body = "# A\r\n\n<b>\t1</b>" }).Validate());

    [Fact]
    public void nothing_is_not_asked_for() => Refused("requestedAmount", Content with { RequestedAmount = 0 });

    [Fact]
    public void nobody_is_not_paid() => Refused("recipient", Content with { Recipient = Address.Zero });

    [Fact]
    public void the_first_objection_is_told()
    {
        var content = new ProposalContent("", "", 0, Address.Zero);
        ProposalContent[] mended =
        [
            content,
            content = content with { Title = "t" },
            content = content with { Body = "b" },
            content with { RequestedAmount = 1 },
        ];
        Assert.Equal(["title", "body", "requestedAmount", "recipient"], mended.Select(one => ((InvalidValue)one.Validate()!).Field));
    }

    [Fact]
    public void the_hash_is_that_of_the_json_as_anybody_writes_it() => Assert.All(
        VectorFile.Cases("published-hashes.json", "contents"),
        golden =>
        {
            var content = new ProposalContent(
                golden.Text("title"),
                golden.Text("body"),
                UInt256.Parse(golden.Text("requestedAmount")),
                Address.Parse(golden.Text("recipient")));
            Assert.Equal(golden.Text("hash"), content.Hash().ToString());
        });

    [Fact]
    public void the_hash_tells_apart_whatever_is_asked_for()
    {
        ProposalContent[] contents =
        [
            Content,
            Content with { Title = Content.Title + ' ' },
            Content with { Body = Content.Body + '\n' },
            Content with { RequestedAmount = 1 },
            Content with { Recipient = AProgram.Bo },
            Content with { Title = Content.Body, Body = Content.Title },
        ];
        Assert.Equal(contents.Length, contents.Select(content => content.Hash()).Distinct().Count());
    }

    [Fact]
    public void the_id_of_a_proposal_is_that_of_space_applicant_and_key() => Assert.All(
        VectorFile.Cases("published-hashes.json", "proposals"),
        golden => Assert.Equal(
            golden.Text("id"),
            Proposal.IdOf(golden.Text("space"), Address.Parse(golden.Text("applicant")), golden.Text("key")).ToString()));

    private static void Refused(string field, ProposalContent content) =>
        Assert.Equal(field, Assert.IsType<InvalidValue>(content.Validate()).Field);
}

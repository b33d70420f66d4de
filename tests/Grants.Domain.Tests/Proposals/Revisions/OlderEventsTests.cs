using System.Text.Json;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Domain.Tests.Programs;
using Xunit;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals.Revisions;

/// <summary>What was stored before programs had versions, intake and review reads as what it meant then.</summary>
public sealed class OlderEventsTests
{
    [Fact]
    public void a_submission_without_version_round_and_review_is_of_the_first_version() =>
        Assert.Equal(Submitted, Read(Submitted, "ProgramVersion", "SubmissionRound", "Review"));

    [Fact]
    public void an_approval_without_a_version_is_of_the_first() => Assert.Equal(Approved, Read(Approved, "ProgramVersion"));

    [Fact]
    public void a_program_without_kind_intake_and_review_is_a_grant_that_takes_anything() =>
        Assert.Equal(AProgram.Opened, Read(AProgram.Opened, "Kind", "Intake", "Review"));

    [Fact]
    public void a_state_document_without_versions_is_at_the_first()
    {
        var program = FundingProgram.Evolve(null, AProgram.Opened)!;
        var read = Read(program, "Superseded", "Amendments");
        Assert.Equal((1, AProgram.Opened), (read.Version, read.TermsOf(1)));
    }

    [Fact]
    public void a_state_document_without_reviews_is_of_the_first_revision()
    {
        var proposal = Until(ProposalState.Submitted).Aggregate((Proposal?)null, Proposal.Evolve)!;
        Assert.Equal(proposal, Read(proposal, "Revision", "Reviews", "Review", "ProgramVersion", "SubmissionRound", "RecipientProof"));
    }

    private static T Read<T>(T value, params string[] without)
    {
        var json = JsonSerializer.SerializeToNode(value)!.AsObject();
        foreach (var member in without)
            Assert.True(json.Remove(member), $"There is no member {member}.");
        return json.Deserialize<T>()!;
    }
}

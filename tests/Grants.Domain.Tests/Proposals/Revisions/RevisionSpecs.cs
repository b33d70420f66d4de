using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals.Revisions;

public sealed class RevisionSpecs
{
    private static readonly ProposalContent Second = Content with { Title = "Another DEX", Labels = ["defi"] };

    private static readonly ReviseProposal Save = new(AProposal.Id, Ada, Second, 1_000, [Token, Vault], At.AddMinutes(5), 1);

    private static readonly ProposalRevised Saved = new(AProposal.Id, Ada, Second, At.AddMinutes(5));

    // --- Saving ---

    [Fact]
    public void a_save_of_the_last_revision_replaces_it()
    {
        var state = Given(Drafted).When(Saving(Save)).Then(Saved)!;
        Assert.Equal((2, Second), (state.Revision, state.Content));
    }

    [Fact]
    public void a_save_of_an_older_revision_is_refused_and_what_is_saved_stays()
    {
        var state = new object[] { Drafted, Saved }.Aggregate((Proposal?)null, Proposal.Evolve)!;
        var stale = Proposal.Decide(Save with { Content = Content with { Title = "A third DEX" } }, state);
        Assert.Equal(new StaleRevision(1, 2), stale.Rejection);
        Assert.Empty(stale.Events);
    }

    [Fact]
    public void the_same_save_again_is_the_same_save() => Given(Drafted, Saved).When(Saving(Save)).ThenNothing();

    [Fact]
    public void who_names_no_revision_replaces_the_last() => Given(Drafted, Saved)
        .When(Saving(Save with { Content = Content, ExpectedRevision = null }))
        .Then(Saved with { Content = Content });

    // --- History ---

    [Fact]
    public void a_revision_tells_who_when_and_what_changed()
    {
        var body = Content with { Body = "We\nbuild\nit.", RequestedAmount = 500 };
        var history = ProposalRevision.Of([Drafted, Saved, Saved with { Content = body }]);
        Assert.Equal([1, 2, 3], history.Select(revision => revision.Number));
        Assert.Equal([[], ["title", "labels"], ["title", "body", "requestedAmount", "labels"]], history.Select(one => one.Changed));
        Assert.Equal((Ada, Saved.At), (history[1].Actor, history[1].At));
        Assert.Equal(
            [new DiffLine(DiffKind.Removed, "We build it."), .. body.Body.Split('\n').Select(line => new DiffLine(DiffKind.Added, line))],
            history[2].Body);
    }

    [Fact]
    public void what_lies_before_the_submission_is_the_applicants_alone()
    {
        var third = Saved with { Content = Content with { Body = "We built it." } };
        var all = ProposalRevision.Of([Drafted, Saved, Submitted, third]);
        var shown = ProposalRevision.PublicOf(all);
        Assert.Equal([2, 3], shown.Select(revision => revision.Number));
        Assert.Equal(([], []), (shown[0].Changed, shown[0].Body));
        Assert.Equal(["title", "body", "labels"], shown[1].Changed);
        Assert.Empty(ProposalRevision.PublicOf(ProposalRevision.Of([Drafted, Saved])));
    }

    private static Func<Proposal?, Decision> Saving(ReviseProposal command) => state => Proposal.Decide(command, state);
}

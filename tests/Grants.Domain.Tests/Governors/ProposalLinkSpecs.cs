using Grants.Domain.Governors;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Governors.AGovernor;

namespace Grants.Domain.Tests.Governors;

public sealed class ProposalLinkSpecs
{
    private static readonly Hash32 Application = Keccak256.Hash("application");

    private static readonly Hash32 Content = Keccak256.Hash("content");

    private static readonly GovernorProposalCreated Naming = Created with { Description = $"Award {Application}, as in {Content}." };

    private static readonly LinkApplication Link =
        new(Key, Application, Content, new GovernorKey(ChainId, Contract), AProgram.Ada, AProgram.At);

    private static readonly ApplicationLinked Linked = new(Key, Application, Content, AProgram.Ada, AProgram.At);

    [Fact]
    public void a_proposal_that_names_an_application_is_linked_to_it()
    {
        var state = Given(Naming).When(Linking(Link)).Then(Linked)!;
        Assert.Equal([new LinkedApplication(Application, Content)], state.Links);
    }

    [Fact]
    public void how_the_names_are_capitalised_does_not_matter() =>
        Given(Naming with { Description = $"{Application}".ToUpperInvariant() + $"{Content}" }).When(Linking(Link)).Then(Linked);

    [Fact]
    public void content_alone_names_no_application() =>
        Given(Naming with { Description = $"Award {Content}." }).When(Linking(Link)).ThenRejected("APPLICATION_NOT_NAMED");

    [Fact]
    public void an_application_alone_names_no_content() =>
        Given(Naming with { Description = $"Award {Application}." }).When(Linking(Link)).ThenRejected("APPLICATION_NOT_NAMED");

    [Fact]
    public void only_the_governor_that_the_program_names_approves()
    {
        Given(Naming).When(Linking(Link with { Approver = null })).ThenRejected("GOVERNOR_NOT_APPROVER");
        Given(Naming).When(Linking(Link with { Approver = new GovernorKey(1, Contract) })).ThenRejected("GOVERNOR_NOT_APPROVER");
        Given(Naming).When(Linking(Link with { Approver = new GovernorKey(ChainId, Token) })).ThenRejected("GOVERNOR_NOT_APPROVER");
    }

    [Fact]
    public void one_proposal_may_approve_several_applications()
    {
        var (other, content) = (Keccak256.Hash("other"), Keccak256.Hash("other content"));
        var both = Naming with { Description = $"{Application} {Content} {other} {content}" };
        Given(both, Linked).When(Linking(Link with { ApplicationId = other, ContentHash = content }))
            .Then(Linked with { ApplicationId = other, ContentHash = content });
    }

    [Fact]
    public void what_is_not_followed_is_not_linked() =>
        new Spec<GovernorProposal>(GovernorProposal.Evolve).When(Linking(Link)).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_program_names_its_approver()
    {
        var command = new NameApprover(AProgram.Id, new GovernorKey(ChainId, Contract), true, AProgram.Manager, AProgram.At);
        var named = new ApproverNamed(AProgram.Id, ChainId, Contract, AProgram.Manager, AProgram.At);
        Spec<ProgramApprover> Spec(params object[] events) => new Spec<ProgramApprover>(ProgramApprover.Evolve).Given(events);
        Spec().When(state => ProgramApprover.Decide(command, state)).Then(named);
        Spec(named).When(state => ProgramApprover.Decide(command with { Governor = new GovernorKey(ChainId, Token) }, state))
            .Then(named with { Governor = Token });
        Spec().When(state => ProgramApprover.Decide(command with { IsFollowed = false }, state)).ThenRejected("NOT_FOUND");
    }

    private static Func<GovernorProposal?, Decision> Linking(LinkApplication command) => state => GovernorProposal.Decide(command, state);
}

using Grants.Ethereum.Signing;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>Who may see what, for how long.</summary>
[Collection(nameof(LiveVote))]
public sealed class LiveSessionTests(OpenVote vote) : IAsyncLifetime
{
    private const string Proposal = "subscription ($p: Bytes32!) { proposalChanged(proposalId: $p) { title state applicant } }";
    private const string SignOut = """mutation { signOut(input: { clientMutationId: "x" }) { ended userErrors { code } } }""";

    private NodeClients clients = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => clients = await NodeClients.StartAsync(vote.Http.BaseAddress!);

    public ValueTask DisposeAsync() => clients.DisposeAsync();

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    public async Task a_session_is_that_of_its_token(string transport)
    {
        var client = clients.Connect(transport, await SignInAsync(Cast.Bo));
        var me = clients.Subscribe(client, "{ me { account } }");
        Assert.Equal(Cast.Bo.Address.ToString(), (await clients.DataAsync(me))["me"]!["account"]!.GetValue<string>());
        var nobody = clients.Subscribe(clients.Connect(transport), "{ me { account } }");
        Assert.Null((await clients.DataAsync(nobody))["me"]);
    }

    [Fact]
    public async Task a_socket_with_a_token_of_no_session_is_closed()
    {
        var client = clients.Connect("ws", "no such session");
        clients.Subscribe(client, "{ me { account } }");
        Assert.Equal(4403, (await clients.UntilAsync(client, "closed")).GetValue<int>());
    }

    [Fact]
    public async Task a_session_that_is_signed_out_ends_all_that_rests_on_it_and_nothing_else()
    {
        var (token, other) = (await SignInAsync(Cast.Bo), await SignInAsync(Cast.Bo));
        var (socket, stays) = (clients.Connect("ws", token), clients.Connect("ws", other));
        var watched = new { p = vote.Open["proposalId"]!.GetValue<string>() };
        var stream = clients.Subscribe(clients.Connect("sse", token), Proposal, watched);
        await clients.DataAsync(stream);
        await clients.DataAsync(clients.Subscribe(socket, Proposal, watched));
        await clients.DataAsync(clients.Subscribe(stays, Proposal, watched));
        var signOut = await clients.DataAsync(clients.Subscribe(socket, SignOut));
        Assert.True(signOut["signOut"]!["ended"]!.GetValue<bool>());
        Assert.Equal(4403, (await clients.UntilAsync(socket, "closed")).GetValue<int>());
        Assert.Equal("UNAUTHENTICATED", VoteOnline.CodeOf((await clients.EventAsync(stream))["next"]!["errors"]!));
        await clients.CompletesAsync(stream);
        var me = clients.Subscribe(stays, "{ me { account } }");
        Assert.NotNull((await clients.DataAsync(me))["me"]);
    }

    [Fact]
    public async Task a_session_that_is_over_ends_all_that_rests_on_it()
    {
        var client = clients.Connect("ws", await SignInAsync(Cast.Viktor));
        await clients.DataAsync(clients.Subscribe(client, Proposal, new { p = vote.Open["proposalId"]!.GetValue<string>() }));
        await using var command = vote.Database.CreateCommand("update access.session set expires_at = now() where account = $1");
        command.Parameters.Add(new() { Value = Cast.Viktor.Address.ToBytes() });
        await command.ExecuteNonQueryAsync(Cancellation);
        Assert.Equal(4403, (await clients.UntilAsync(client, "closed")).GetValue<int>());
    }

    [Fact]
    public async Task a_draft_is_followed_by_its_applicant_alone_and_a_proposal_by_everybody()
    {
        var person = Person.Called("an applicant who looks on");
        var (token, applicant) = (await SignInAsync(person), await vote.SignInAsync(person));
        var draft = await applicant.MutateAsync("draftProposal", "proposal", "proposalId", VoteOnline.DraftOf(person), Cancellation);
        var watched = new { p = draft["proposalId"]!.GetValue<string>() };
        var stranger = await clients.EventAsync(clients.Subscribe(clients.Connect("ws"), Proposal, watched));
        Assert.Equal("NOT_FOUND", VoteOnline.CodeOf(stranger["error"]!));

        var hers = clients.Subscribe(clients.Connect("sse", token), Proposal, watched);
        Assert.Equal("A thing", (await clients.DataAsync(hers))["proposalChanged"]!["title"]!.GetValue<string>());
        var revised = VoteOnline.DraftOf(person);
        revised.Remove("programId");
        revised["proposalId"] = watched.p;
        revised["title"] = "Another thing";
        await applicant.MutateAsync("reviseProposal", "proposal", "title", revised, Cancellation);
        Assert.Equal("Another thing", (await clients.DataAsync(hers))["proposalChanged"]!["title"]!.GetValue<string>());

        await applicant.MutateAsync("submitProposal", "proposal", "state", new() { ["proposalId"] = watched.p }, Cancellation);
        Assert.Equal("SUBMITTED", (await clients.DataAsync(hers))["proposalChanged"]!["state"]!.GetValue<string>());
        var everybody = clients.Subscribe(clients.Connect("ws"), Proposal, watched);
        Assert.Equal("SUBMITTED", (await clients.DataAsync(everybody))["proposalChanged"]!["state"]!.GetValue<string>());
        await applicant.MutateAsync("withdrawProposal", "proposal", "state", new() { ["proposalId"] = watched.p }, Cancellation);
        Assert.Equal("WITHDRAWN", (await clients.DataAsync(everybody))["proposalChanged"]!["state"]!.GetValue<string>());
    }

    private async Task<string> SignInAsync(Person person)
    {
        var asked = await vote.Public.MutateAsync(
            "requestSignIn", "signIn", "message", new() { ["account"] = person.Address.ToString() }, Cancellation);
        var message = asked["message"]!.GetValue<string>();
        var session = await vote.Public.MutateAsync(
            "signIn",
            "session",
            "token",
            new() { ["message"] = message, ["signature"] = person.Key.Sign(PersonalMessage.Digest(message)).ToString() },
            Cancellation);
        return session["token"]!.GetValue<string>();
    }
}

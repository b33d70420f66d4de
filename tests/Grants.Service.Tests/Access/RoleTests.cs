using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Access;

/// <summary>Roles that a space gives and takes.</summary>
[Collection(nameof(OpenVote))]
public sealed class RoleTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_manager_of_one_program_manages_it_from_the_next_command_on_and_no_other()
    {
        var person = Person.Called("a manager of one program");
        var client = await vote.SignInAsync(person);
        Assert.Equal("FORBIDDEN", await AmendAsync(client, OpenVote.ProgramId));
        await ChangeAsync("grantRole", await vote.SignInAsync(Cast.Council), Cast.Council, person, OpenVote.ProgramId);
        Assert.Equal("ACCEPTED", await AmendAsync(client, OpenVote.ProgramId));
        Assert.Equal("FORBIDDEN", await AmendAsync(client, "short-vote"));
        Assert.Equal([$"programManager:{OpenVote.ProgramId}"], await RolesAsync(client));
        await ChangeAsync("revokeRole", vote.Manager, Cast.Manager, person, OpenVote.ProgramId);
        Assert.Equal("FORBIDDEN", await AmendAsync(client, OpenVote.ProgramId));
        Assert.Empty(await RolesAsync(client));
    }

    [Fact]
    public async Task what_was_given_and_taken_is_never_forgotten()
    {
        var person = Person.Called("somebody for a day");
        await ChangeAsync("grantRole", await vote.SignInAsync(Cast.Council), Cast.Council, person, null);
        await ChangeAsync("revokeRole", await vote.SignInAsync(person), person, person, null);
        var data = await vote.Public.QueryAsync(
            "{ roleHistory(first: 100) { edges { node { isGranted account by reason } } } }", null, Cancellation);
        var changes = data["roleHistory"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
            .Where(change => change["account"]!.GetValue<string>() == person.Address.ToString()).ToList();
        Assert.Equal([true, false], changes.Select(change => change["isGranted"]!.GetValue<bool>()));
        Assert.Equal(
            [Cast.Council.Address.ToString(), person.Address.ToString()], changes.Select(change => change["by"]!.GetValue<string>()));
    }

    [Fact]
    public async Task a_session_alone_gives_no_role()
    {
        var person = Person.Called("a friend of a thief");
        var council = await vote.SignInAsync(Cast.Council);
        Task<DemoException> RefusedAsync(JsonObject input) => Assert.ThrowsAsync<DemoException>(
            () => council.MutateAsync("grantRole", "roles", "role", input, Cancellation));

        var signed = await InputAsync("grantRole", Cast.Council, person, null);
        signed["clientMutationId"] = "another act";
        Assert.Contains("INVALID_SIGNATURE", (await RefusedAsync(signed)).Message, StringComparison.Ordinal);
        var forOne = await InputAsync("grantRole", Cast.Council, person, OpenVote.ProgramId);
        forOne.Remove("programId");
        Assert.Contains("INVALID_SIGNATURE", (await RefusedAsync(forOne)).Message, StringComparison.Ordinal);
        var byAnother = await InputAsync("grantRole", Cast.Bo, person, null);
        Assert.Contains("INVALID_SIGNATURE", (await RefusedAsync(byAnother)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task who_holds_no_role_gives_none()
    {
        var refused = await Assert.ThrowsAsync<DemoException>(
            () => ChangeAsync("grantRole", vote.Ada, Cast.Ada, Cast.Bo, OpenVote.ProgramId));
        Assert.Contains("FORBIDDEN", refused.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<DemoException>(
            () => ChangeAsync("grantRole", vote.Manager, Cast.Manager, Cast.Bo, "no-such-program"));
        Assert.Contains("NOT_FOUND", unknown.Message, StringComparison.Ordinal);
    }

    private async Task ChangeAsync(string mutation, ApiClient client, Person signer, Person person, string? programId) =>
        await client.MutateAsync(
            mutation, "roles", "role programId", await InputAsync(mutation, signer, person, programId), Cancellation);

    private Task<JsonObject> InputAsync(string mutation, Person signer, Person person, string? programId) => Consent.SignAsync(
        vote.Public,
        signer,
        mutation,
        $"PROGRAM_MANAGER {person.Address} {programId ?? "*"}",
        new()
        {
            ["role"] = "PROGRAM_MANAGER",
            ["account"] = person.Address.ToString(),
            ["programId"] = programId,
            ["reason"] = "A test.",
        },
        Cancellation);

    // An amendment that changes nothing: whoever may amend has it accepted.
    private static async Task<string> AmendAsync(ApiClient client, string programId)
    {
        try
        {
            await client.MutateAsync(
                "amendProgram",
                "program",
                "version",
                new() { ["programId"] = programId, ["expectedVersion"] = 1, ["reason"] = "A test." },
                Cancellation);
            return "ACCEPTED";
        }
        catch (DemoException refused) when (refused.Message.Contains("FORBIDDEN", StringComparison.Ordinal))
        {
            return "FORBIDDEN";
        }
    }

    private static async Task<string[]> RolesAsync(ApiClient client)
    {
        var data = await client.QueryAsync("{ me { roles } }", null, Cancellation);
        return [.. data["me"]!["roles"]!.AsArray().Select(role => role!.GetValue<string>())];
    }
}

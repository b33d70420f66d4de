using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Access;

/// <summary>Messages that open no session, each a word away from one that does (EIP-4361).</summary>
[Collection(nameof(OpenVote))]
public sealed class SignInTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Changes() => new()
    {
        { "another domain", "127.0.0.1", "evil.example" },
        { "a user before the domain", "127.0.0.1", "127.0.0.1@evil.example" },
        { "a dot behind the domain", " wants you", ". wants you" },
        { "a domain that looks alike", "127.0.0.1", "127.0.0.１" },
        { "another address of the page", "URI: http", "URI: https" },
        { "another version", "Version: 1", "Version: 2" },
        { "another chain", "Chain ID: ", "Chain ID: 1" },
        { "no chain", "Chain ID: ", "Chain: " },
        { "a nonce of our making", "Nonce: ", "Nonce: a" },
        { "line ends of another system", "\n", "\r\n" },
        { "another statement's line", "Sign in to Grants.", "Sign in to Grants.\nURI: https://evil.example" },
        { "a time that is none", "T", "t" },
        { "a long list of resources", "Expiration Time", "Resources:\n- https://a.example\nExpiration Time" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task a_message_that_was_changed_opens_no_session(string what, string from, string to)
    {
        var message = await MessageAsync(Cast.Bo.Address);
        var changed = message.Replace(from, to, StringComparison.Ordinal);
        Assert.True(changed != message, what);
        await RefusedAsync("SIGN_IN_REFUSED", changed, Cast.Bo.Key);
    }

    [Fact]
    public async Task an_account_in_small_letters_opens_no_session()
    {
        var account = Cast.Bo.Address.ToString();
        var message = (await MessageAsync(Cast.Bo.Address)).Replace(account, account.ToLowerInvariant(), StringComparison.Ordinal);
        await RefusedAsync("SIGN_IN_REFUSED", message, Cast.Bo.Key);
    }

    [Fact]
    public async Task a_message_with_a_thousand_resources_opens_no_session()
    {
        var resources = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"\n- https://{i}.example"));
        var message = $"{await MessageAsync(Cast.Bo.Address)}\nResources:{resources}";
        await RefusedAsync("SIGN_IN_REFUSED", message, Cast.Bo.Key, or: "BAD_USER_INPUT");
    }

    [Fact]
    public async Task a_message_is_for_one_session_however_often_it_comes_at_once()
    {
        var message = await MessageAsync(Cast.Bo.Address);
        var opened = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => TryAsync(message, Cast.Bo.Key)));
        Assert.Single(opened, isOpen => isOpen);
    }

    [Fact]
    public async Task a_message_that_is_over_opens_no_session()
    {
        var message = await MessageAsync(Cast.Bo.Address);
        await using var command = vote.Database.CreateCommand("update access.nonce set expires_at = now() - interval '1 second'");
        await command.ExecuteNonQueryAsync(Cancellation);
        await RefusedAsync("SIGN_IN_REFUSED", message, Cast.Bo.Key);
    }

    [Fact]
    public async Task a_contract_wallet_signs_in_by_its_own_code()
    {
        var wallet = vote.Scene.CouncilWallet;
        await RefusedAsync("INVALID_SIGNATURE", await MessageAsync(wallet), Cast.Vera.Key);
        Assert.True(await TryAsync(await MessageAsync(wallet), Cast.Council.Key));
    }

    [Fact]
    public async Task an_owner_of_a_contract_wallet_is_not_the_wallet()
    {
        var message = await MessageAsync(Cast.Council.Address);
        var forWallet = message.Replace(
            Cast.Council.Address.ToString(), vote.Scene.CouncilWallet.ToString(), StringComparison.Ordinal);
        var signature = Cast.Council.Key.Sign(PersonalMessage.Digest(message)).ToString();
        await RefusedAsync("INVALID_SIGNATURE", forWallet, signature);
    }

    private async Task<string> MessageAsync(Address account)
    {
        var asked = await vote.Public.MutateAsync(
            "requestSignIn", "signIn", "message", new() { ["account"] = account.ToString() }, Cancellation);
        return asked["message"]!.GetValue<string>();
    }

    private async Task<bool> TryAsync(string message, PrivateKey key)
    {
        try
        {
            await SignInAsync(message, key.Sign(PersonalMessage.Digest(message)).ToString());
            return true;
        }
        catch (DemoException)
        {
            return false;
        }
    }

    private Task RefusedAsync(string code, string message, PrivateKey key, string? or = null) =>
        RefusedAsync(code, message, key.Sign(PersonalMessage.Digest(message)).ToString(), or);

    private async Task RefusedAsync(string code, string message, string signature, string? or = null)
    {
        var refused = await Assert.ThrowsAsync<DemoException>(() => SignInAsync(message, signature));
        Assert.True(
            refused.Message.Contains(code, StringComparison.Ordinal)
                || (or is not null && refused.Message.Contains(or, StringComparison.Ordinal)),
            refused.Message);
    }

    private Task<JsonNode> SignInAsync(string message, string signature) => vote.Public.MutateAsync(
        "signIn", "session", "token", new JsonObject { ["message"] = message, ["signature"] = signature }, Cancellation);
}

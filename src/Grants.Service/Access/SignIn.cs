using Grants.Domain;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Microsoft.Extensions.Options;

namespace Grants.Service.Access;

public sealed record SignInRefused(string Reason) : Rejection("SIGN_IN_REFUSED", Reason);

/// <summary>Signing in with a wallet (EIP-4361): the message to sign, and the session for its signature.</summary>
public sealed class SignIn(SessionStore sessions, AccountSignatures signatures, IOptions<AccessOptions> options, TimeProvider clock)
{
    /// <summary>The text that the wallet shows and signs.</summary>
    public async Task<string> MessageForAsync(Address account, long chainId, CancellationToken cancellation)
    {
        var issuedAt = clock.GetUtcNow();
        return new SignInMessage(
            options.Value.Domain,
            account,
            "Sign in to Grants.",
            options.Value.Uri,
            "1",
            chainId,
            await sessions.CreateNonceAsync(cancellation),
            issuedAt,
            issuedAt + SessionStore.NonceLifetime,
            NotBefore: null,
            RequestId: null,
            Resources: []).ToString();
    }

    public async Task<(string Token, DateTimeOffset ExpiresAt, Rejection? Rejection)> OpenSessionAsync(
        string text, string signature, long chainId, CancellationToken cancellation)
    {
        if (!SignInMessage.TryParse(text, out var message, out var problem))
            return Refuse($"The message is not of EIP-4361: {problem}");
        var now = clock.GetUtcNow();
        if (message.Domain != options.Value.Domain || message.Uri != options.Value.Uri)
            return Refuse($"The message must be for {options.Value.Domain} and {options.Value.Uri}.");
        if (message.ChainId != chainId)
            return Refuse($"The message must name chain {chainId}.");
        if (message.ExpirationTime is not { } expiresAt || expiresAt <= now || message.IssuedAt > now.AddMinutes(1)
            || message.NotBefore > now)
            return Refuse("The message is not valid now.");
        var kind = await signatures.VerifyAsync(message.Address, PersonalMessage.Digest(text), signature, null, cancellation);
        if (kind.Rejection is { } rejection)
            return (string.Empty, default, rejection);
        if (!await sessions.UseNonceAsync(message.Nonce, cancellation))
            return Refuse("The nonce is unknown, used or over; ask for a new message.");
        var (token, sessionEndsAt) = await sessions.OpenAsync(message.Address, cancellation);
        return (token, sessionEndsAt, null);
    }

    private static (string Token, DateTimeOffset ExpiresAt, Rejection? Rejection) Refuse(string reason) =>
        (string.Empty, default, new SignInRefused(reason));
}

using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Access;

public sealed record RequestSignInInput(
    [property: Description("Chosen by the client; returned as given.")] string ClientMutationId,
    [property: Description("The account that wants to sign in.")] Address Account) : IMutationInput;

public sealed record SignInInput(
    [property: Description("Chosen by the client; returned as given.")] string ClientMutationId,
    [property: Description("The EIP-4361 message, to the letter.")] string Message,
    [property: Description("The wallet's signature of the message (EIP-191), hexadecimal.")] string Signature) : IMutationInput;

public sealed record SignOutInput(
    [property: Description("Chosen by the client; returned as given.")] string ClientMutationId) : IMutationInput;

public sealed record SignInMessageText(string Message);

public sealed record OpenedSession(string Token, DateTimeOffset ExpiresAt);

public sealed record Me(Address Account, IReadOnlyList<string> Roles);

public sealed class SignInMessageGraphType : ObjectGraphType<SignInMessageText>
{
    public SignInMessageGraphType()
    {
        Name = "SignInMessage";
        Field("message", text => text.Message).Description("The EIP-4361 message to sign within five minutes.");
    }
}

public sealed class SessionGraphType : ObjectGraphType<OpenedSession>
{
    public SessionGraphType()
    {
        Name = "Session";
        Field("token", session => session.Token).Description("Send it as Authorization: Bearer. It is shown once.");
        Field("expiresAt", session => session.ExpiresAt);
    }
}

public sealed class MeGraphType : ObjectGraphType<Me>
{
    public MeGraphType()
    {
        Name = "Me";
        Field("account", me => me.Account);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("roles")
            .Description("As programManager or guardian; that of one program with its id behind a colon.")
            .Resolve(context => context.Source.Roles);
    }
}

public static class AccessGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<MeGraphType>("me").Description("Who is signed in; null for nobody.").ResolveAsync(static async context =>
            context.ActorOrNull() is { } account ? new Me(account, await Roles.OfAsync(context, account)) : null);
        RolesGraphQL.Extend(query, mutation);
        ApiKeysGraphQL.Extend(query, mutation);
        mutation.AddMutation<RequestSignInInput, SignInMessageGraphType>(
            "requestSignIn",
            "signIn",
            "Gives a message with a fresh nonce for a wallet to sign.",
            static async (context, input) =>
            {
                if (input.Account.IsZero)
                    return (null, new InvalidValue("account", "The zero address is nobody."));
                var chainId = context.Service<ChainIdentity>().ChainId;
                var message = await context.Service<SignIn>().MessageForAsync(input.Account, chainId, context.CancellationToken);
                return (new SignInMessageText(message), null);
            });
        mutation.AddMutation<SignInInput, SessionGraphType>(
            "signIn",
            "session",
            "Opens a session for the account that signed the message. Each message opens one session at most.",
            static async (context, input) =>
            {
                var (token, expiresAt, rejection) = await context.Service<SignIn>().OpenSessionAsync(
                    input.Message, input.Signature, context.Service<ChainIdentity>().ChainId, context.CancellationToken);
                return (rejection is null ? new OpenedSession(token, expiresAt) : null, rejection);
            });
        mutation.AddMutation<SignOutInput, BooleanGraphType>(
            "signOut",
            "ended",
            "Ends the session that the request is sent with, and within seconds all connections that rest on it.",
            static async (context, _) =>
                (await context.Service<SessionStore>().CloseAsync(context.Caller().Token, context.CancellationToken), null));
    }
}

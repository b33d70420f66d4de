using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Ballots;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Awards;

/// <summary>What a recipient signs: the agreement before the first release, and who is to be paid instead.</summary>
public static class RecipientGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<StringGraphType>("agreementTypedData")
            .Description("What the recipient signs before the first release, as JSON for eth_signTypedData_v4; null where there is none.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<Hash32>("awardId")) is { } award
                && award.Terms.AgreementHash != Hash32.Zero
                    ? TypedDataOf(award, award.AgreementToSign(context.Space())).ToJson()
                    : null);
        query.Field<StringGraphType>("recipientChangeTypedData")
            .Description("What the present and the next recipient both sign, as JSON for eth_signTypedData_v4.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .Argument<NonNullGraphType<AddressScalar>>("to")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<Hash32>("awardId")) is { } award
                ? TypedDataOf(award, award.ChangeToSign(context.Space(), context.GetArgument<Address>("to"))).ToJson()
                : null);
        mutation.AddCommand<SignAgreementInput, AwardGraphType>(
            "signAgreement",
            "award",
            "Records the recipient's signature of the agreement, by key or by contract (ERC-1271). Anybody may hand it in.",
            SignAsync,
            async (context, input, _) => await LoadAsync(context, input.AwardId));
        mutation.AddCommand<ChangeRecipientInput, AwardGraphType>(
            "changeRecipient",
            "award",
            "Records that both recipients agreed on a change. Nothing is released until the vault pays the new one and three days passed.",
            ChangeAsync,
            async (context, input, _) => await LoadAsync(context, input.AwardId));
    }

    private static async Task<CommandResult> SignAsync(IResolveFieldContext context, SignAgreementInput input, Address actor)
    {
        if (await LoadAsync(context, input.AwardId) is not { } award)
            return new NotFound("award");
        if (award.Terms.AgreementHash == Hash32.Zero)
            return new NoAgreement();
        var (signer, digest) = (award.AgreedRecipient, TypedDataOf(award, award.AgreementToSign(context.Space())).Digest());
        var (kind, rejection) = await context.Service<AccountSignatures>()
            .VerifyAsync(signer, digest, input.Signature, null, context.CancellationToken);
        return rejection ?? await SendAsync(context, new SignAgreement(
            input.AwardId, signer, digest, input.Signature, kind == SignatureKind.Erc1271, context.Service<TimeProvider>().GetUtcNow()));
    }

    private static async Task<CommandResult> ChangeAsync(IResolveFieldContext context, ChangeRecipientInput input, Address actor)
    {
        if (await LoadAsync(context, input.AwardId) is not { } award
            || await context.Service<ChainView>().HeadsAsync(award.Terms.ChainId, context.CancellationToken) is not { } heads)
            return new NotFound("award");
        var (signatures, cancellation) = (context.Service<AccountSignatures>(), context.CancellationToken);
        var digest = TypedDataOf(award, award.ChangeToSign(context.Space(), input.To)).Digest();
        if ((await signatures.VerifyAsync(award.AgreedRecipient, digest, input.FromSignature, null, cancellation)).Rejection is { } from)
            return from;
        if ((await signatures.VerifyAsync(input.To, digest, input.ToSignature, null, cancellation)).Rejection is { } to)
            return to;
        return await SendAsync(context, new AgreeRecipientChange(
            input.AwardId,
            input.To,
            digest,
            input.FromSignature,
            input.ToSignature,
            heads.Promoted,
            context.Service<TimeProvider>().GetUtcNow()));
    }

    private static TypedData TypedDataOf(Award award, TypedStruct data) => TypedData.Of(
        new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, award.Terms.ChainId),
        data.Name,
        [.. data.Members.Select(member => (member.Name, member.Type, member.Value))]);

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static Task<Award?> LoadAsync(IResolveFieldContext context, Hash32 awardId) =>
        context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken);
}

using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Disbursements.Signing;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Disbursements.Control;

/// <summary>The hot side of the treasury, as it stands.</summary>
public sealed record Treasury(Address? Operator, Address? Safe, TreasuryControl? Control, NonceLedger? Ledger);

public sealed class TreasuryGraphType : ObjectGraphType<Treasury>
{
    public TreasuryGraphType()
    {
        Name = "Treasury";
        Field<AddressScalar>("operator")
            .Description("The account that sends the treasury's orders and needs the vault's operator role; null without a key.")
            .Resolve(context => context.Source.Operator);
        Field<AddressScalar>("safe")
            .Description("The Safe whose owners do the orders instead, and that needs the role; null where the account pays.")
            .Resolve(context => context.Source.Safe);
        Field<TreasuryPauseGraphType>("pause")
            .Description("Why nothing is signed; null where the treasury pays.")
            .Resolve(context => context.Source.Control?.Pause);
        Field<StringGraphType>("quarantine")
            .Description("What somebody else did with the operator's key; nothing is signed until two persons have looked and resume.")
            .Resolve(context => context.Source.Ledger?.Quarantine);
        Field<NonNullGraphType<IntGraphType>>("inFlight")
            .Description($"Transactions that are not final yet; at most {NonceLedger.MostInFlight}.")
            .Resolve(context => context.Source.Ledger?.Open.Count ?? 0);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TreasuryLimitsGraphType>>>>("limits")
            .Description("By token, in the order of time.")
            .Resolve(context => context.Source.Control?.Limits ?? []);
    }

    public static async Task<Treasury> LoadAsync(IResolveFieldContext context)
    {
        var chainId = context.Service<ChainIdentity>().ChainId;
        await using var session = context.Service<IDocumentStore>().QuerySession(Spaces.Deployment);
        var account = context.Service<OperatorAccount>();
        var key = account.Address;
        var control = await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chainId), context.CancellationToken);
        var ledger = key is { } signer
            ? await session.LoadAsync<NonceLedger>(NonceLedger.StreamId(chainId, signer), context.CancellationToken)
            : null;
        return new Treasury(key, account.Payer == key ? null : account.Payer, control, ledger);
    }
}

public sealed class TreasuryPauseGraphType : ObjectGraphType<TreasuryPause>
{
    public TreasuryPauseGraphType()
    {
        Name = "TreasuryPause";
        Field<AddressScalar>("by").Description("Null for the service itself.").Resolve(context => context.Source.By);
        Field("reason", pause => pause.Reason);
        Field("at", pause => pause.At);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("agreedToResume")
            .Description($"Who wants to go on; {TreasuryControl.PersonsToResume} persons are needed.")
            .Resolve(context => context.Source.Agreed.Select(agreed => agreed.Person));
    }
}

public sealed class TreasuryLimitsGraphType : ObjectGraphType<LimitsInForce>
{
    public TreasuryLimitsGraphType()
    {
        Name = "TreasuryLimits";
        Description = "What is paid of a token without being asked, in base units.";
        Field("token", limits => limits.Limits.Token);
        Field("oneApprovalFrom", limits => limits.Limits.OneApprovalFrom).Description("From here on a payment waits for one person.");
        Field("twoApprovalsFrom", limits => limits.Limits.TwoApprovalsFrom).Description("From here on it waits for two persons.");
        Field("mostPerOrder", limits => limits.Limits.MostPerOrder);
        Field("mostPerRecipient", limits => limits.Limits.MostPerRecipient).Description("To one account within a day.");
        Field("mostPerProgram", limits => limits.Limits.MostPerProgram, nullable: true)
            .Description("Of one program within a day; null where a program may take all of the day.");
        Field("programIsOfSpace", limits => limits.Limits.IsOfSpace).Description(
            "Whether a program is one of a space; false of older limits, which programs of one name in several spaces share.");
        Field("mostPerDay", limits => limits.Limits.MostPerDay);
        Field("effectiveAt", limits => limits.EffectiveAt);
    }
}

public sealed class DisbursementApprovalGraphType : ObjectGraphType<DisbursementApproval>
{
    public DisbursementApprovalGraphType()
    {
        Name = "DisbursementApproval";
        Field("person", approval => approval.Person);
        Field("account", approval => approval.Account);
        Field("signature", approval => approval.Signature);
        Field("at", approval => approval.At);
    }
}

/// <summary>A call of a contract for somebody's own wallet.</summary>
public sealed record ContractCall(Address To, byte[] Data);

public sealed class ContractCallGraphType : ObjectGraphType<ContractCall>
{
    public ContractCallGraphType()
    {
        Name = "ContractCall";
        Description = "A call of a contract, for somebody's own wallet to sign and send.";
        Field("to", call => call.To);
        Field<NonNullGraphType<StringGraphType>>("data").Description("Hexadecimal.").Resolve(context => Hex.Format(context.Source.Data));
    }

    /// <summary>What a guardian's wallet sends to pause a vault.</summary>
    public static ContractCall Pause(Address vault) => new(vault, IncentiveVault.Pause.Encode());

    /// <summary>What a guardian's wallet sends to end an order for good.</summary>
    public static ContractCall Void(TreasuryOrder order) => new(order.Vault, IncentiveVault.Void.Encode(order.OrderId));
}

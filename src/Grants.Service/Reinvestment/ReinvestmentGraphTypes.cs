using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Watching;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Reinvestment;

public sealed class FlowKindGraphType : EnumerationGraphType<FlowKind>
{
    public FlowKindGraphType() => Name = "FlowKind";
}

public sealed class ConventionGraphType : EnumerationGraphType<Convention>
{
    public ConventionGraphType() => Name = "Convention";
}

public sealed class FlowGraphType : ObjectGraphType<FlowClassified>
{
    public FlowGraphType()
    {
        Name = "Flow";
        Description = "One classified movement of the incentive token by an award's wallets. Amounts in base units.";
        Field("id", classified => classified.Flow.Id);
        Field<NonNullGraphType<FlowKindGraphType>>("kind").Resolve(context => context.Source.Flow.Kind);
        Field("wallet", classified => classified.Flow.Wallet);
        Field<AddressScalar>("counterparty").Resolve(context => context.Source.Flow.Counterparty);
        Field<AddressScalar>("venue").Resolve(context => context.Source.Flow.Venue);
        Field("amount", classified => classified.Flow.Amount);
        Field<UInt256Scalar>("scaledShares")
            .Description("Where balances of the venue's token grow by themselves: what of the flow does not. Null elsewhere.")
            .Resolve(context => context.Source.Flow.ScaledShares);
        Field<UInt256Scalar>("sequencerId")
            .Description("Whose lock changed, where the venue is a lock of sequencers.")
            .Resolve(context => context.Source.Flow.SequencerId);
        Field("grantedFloor", classified => classified.Granted.Floor)
            .Description("How much of it was granted tokens, if own tokens leave first.");
        Field("grantedProrata", classified => classified.Granted.Prorata)
            .Description("How much of it was granted tokens, if both leave in proportion.");
        Field("why", classified => classified.Flow.Why).Description("The rule that classified it.");
        Field("withFlashLoan", classified => classified.WithFlashLoan)
            .Description("Something was lent for the time of its transaction: what it shows may have been there for a moment.");
        Field("isOwnPool", classified => classified.InOwnPool)
            .Description(
                "A pool of which the wallets hold more than half swapped it: a sale or a purchase all the same, but no market's volume.");
        Field("countsFrom", classified => classified.Flow.CountsFrom, nullable: true)
            .Description("Seconds since 1970 from which on what went to somebody unknown counts as gone, if it is not known by then.");
        Field("evidence", classified => classified.Flow.Evidence);
    }
}

public sealed class LedgerReadingGraphType : ObjectGraphType<LedgerReading>
{
    public LedgerReadingGraphType()
    {
        Name = "LedgerReading";
        Description = "The ledger under one convention of which token leaves first. Amounts in base units; ratios round down.";
        Field<NonNullGraphType<ConventionGraphType>>("convention").Resolve(context => context.Source.Convention);
        Field("released", reading => reading.Released);
        Field("disposed", reading => reading.Disposed).Description("Sold, bridged out, sent to an exchange or to somebody unknown.");
        Field("followed", reading => reading.Followed)
            .Description("Went to somebody unknown, and does not count as disposed of yet.");
        Field("returned", reading => reading.Returned);
        Field("eligible", reading => reading.Eligible).Description("What counts as reinvested now.");
        Field("uncounted", reading => reading.Uncounted)
            .Description("In pools of which the wallets hold more than counts, or whose other token is not on the policy's list.");
        Field("disposalShare", reading => reading.DisposalShare);
        Field("timeWeightedReinvestment", reading => reading.TimeWeightedReinvestment);
        Field("retention", reading => reading.Retention);
    }
}

public sealed class LiquidityTokenGraphType : ObjectGraphType<LiquidityToken>
{
    public LiquidityTokenGraphType()
    {
        Name = "LiquidityToken";
        Description = "A position of the award's wallets between two prices.";
        Field("manager", token => token.Manager);
        Field("tokenId", token => token.TokenId);
        Field("pool", token => token.Pool);
        Field("lowerTick", token => token.LowerTick);
        Field("upperTick", token => token.UpperTick);
        Field("liquidity", token => token.Liquidity);
        Field("principal", token => token.Principal).Description("Base units of the incentive token that were put in.");
        Field("owed", token => token.Owed).Description("Base units of it that were taken out and not collected.");
    }
}

public sealed class SpenderApprovalGraphType : ObjectGraphType<SpenderApproved>
{
    public SpenderApprovalGraphType()
    {
        Name = "SpenderApproval";
        Description = "A wallet lets somebody of whom nothing is known take tokens from it. What they take is a transfer; this is a risk.";
        Field("token", approved => approved.Token).Description("The incentive token, or a venue's shares.");
        Field("owner", approved => approved.Owner);
        Field("spender", approved => approved.Spender);
        Field("amount", approved => approved.Amount).Description("Base units, as last approved: what was taken since is not taken off.");
        Field("evidence", approved => approved.Evidence);
    }
}

public sealed class ReinvestmentGraphType : ObjectGraphType<ReinvestmentMonitor>
{
    public ReinvestmentGraphType()
    {
        Name = "Reinvestment";
        Description = "What the wallets of one award do with what they were paid, as of the last finalized flow or checkpoint.";
        Field("awardId", monitor => monitor.AwardId);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AddressScalar>>>>("wallets")
            .Resolve(context => context.Source.OwnChainWallets.Select(wallet => wallet.Wallet));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AddressScalar>>>>("walletsElsewhere")
            .Description("Those on the other chain of the policy. The same address there need not be the same person's.")
            .Resolve(context => context.Source.WalletsElsewhere);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AddressScalar>>>>("joinedWallets")
            .Description(
                "Those of them that joined by themselves: new, and paid by the others alone. Nobody has signed for them; say whose they "
                + "are by labelFlow.")
            .Resolve(context => context.Source.Wallets.Where(wallet => wallet.Joined).Select(wallet => wallet.Wallet));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<LiquidityTokenGraphType>>>>("liquidityTokens")
            .Resolve(context => context.Source.LiquidityTokens);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SpenderApprovalGraphType>>>>("approvals")
            .Description("Who may take tokens from the wallets, of whom nothing is known.")
            .Resolve(context => context.Source.Approvals);
        Field("drift", monitor => monitor.Ledger.Under(Convention.Floor).DriftGrant())
            .Description("Granted tokens that the price has sold out of positions, as of the last checkpoint; they return with it.");
        Field("isHeld", monitor => monitor.IsHeld).Description("Whether a breach holds the award's tranches.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<LedgerReadingGraphType>>>>("readings")
            .Description("Sanctions rest on FLOOR alone; the others bracket the truth.")
            .Resolve(context => Enum.GetValues<Convention>().Select(context.Source.Ledger.Read));
    }
}

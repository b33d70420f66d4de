using Grants.Domain;
using Grants.Domain.Access;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api.History;
using Grants.Service.Api.Nodes;
using Grants.Service.Awards;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Log;
using Grants.Service.Disbursements;
using Grants.Service.Governors;
using Grants.Service.Ingestion;
using Grants.Service.Programs;
using Grants.Service.Proposals;
using Grants.Service.Proposals.Autosave;
using Grants.Service.Proposals.Deposits;
using Grants.Service.Proposals.Reviews;
using Grants.Service.Reinvestment;
using Grants.Service.Reports;
using Grants.Service.VotingPower;
using Grants.Service.Webhooks;
using GraphQL.Types;

namespace Grants.Service.Api;

/// <summary>The API's face: every feature adds its own fields.</summary>
public sealed class GrantsSchema : Schema
{
    public GrantsSchema(IServiceProvider services)
        : base(services)
    {
        MapTypes();
        var query = new ObjectGraphType { Name = "Query" };
        var mutation = new ObjectGraphType { Name = "Mutation" };
        NodesGraphQL.Extend(query);
        SpaceGraphQL.Extend(query);
        AccessGraphQL.Extend(query, mutation);
        ProgramsGraphQL.Extend(query, mutation);
        ProposalsGraphQL.Extend(query, mutation);
        ModerationGraphQL.Extend(mutation);
        ReviewGraphQL.Extend(mutation);
        AutosaveGraphQL.Extend(query, mutation);
        VotingPowerGraphQL.Extend(query, mutation);
        BallotsGraphQL.Extend(query, mutation);
        BallotLogGraphQL.Extend(query);
        AwardsGraphQL.Extend(query, mutation);
        DisbursementsGraphQL.Extend(query, mutation);
        ReinvestmentGraphQL.Extend(query, mutation);
        GovernorsGraphQL.Extend(query, mutation);
        ReportsGraphQL.Extend(query);
        WebhooksGraphQL.Extend(query, mutation);
        IngestionGraphQL.Extend(query);
        var subscription = new ObjectGraphType { Name = "Subscription" };
        BallotsSubscriptions.Extend(subscription);
        ProposalsSubscriptions.Extend(subscription);
        AwardsSubscriptions.Extend(subscription);
        DisbursementsSubscriptions.Extend(subscription);
        BreachesSubscriptions.Extend(subscription);
        ChainSubscriptions.Extend(subscription);
        Query = query;
        Mutation = mutation;
        Subscription = subscription;
    }

    private void MapTypes()
    {
        RegisterTypeMapping(typeof(Address), typeof(AddressScalar));
        RegisterTypeMapping(typeof(Hash32), typeof(Bytes32Scalar));
        RegisterTypeMapping(typeof(UInt256), typeof(UInt256Scalar));
        RegisterTypeMapping(typeof(BasisPoints), typeof(BasisPointsScalar));
        RegisterTypeMapping(typeof(DateTimeOffset), typeof(DateTimeScalar));
        RegisterTypeMapping(typeof(BlockRef), typeof(BlockRefGraphType));
        RegisterTypeMapping(typeof(EventKey), typeof(EvidenceGraphType));
        RegisterTypeMapping(typeof(PowerStrategyKind), typeof(PowerStrategyKindGraphType));
        MapInputs<VotingRulesInput>();
        MapInputs<QuorumInput>();
        MapInputs<ThresholdInput>();
        MapInputs<PowerRulesInput>();
        MapInputs<PowerStrategyInput>();
        MapInputs<ListedPowerInput>();
        MapInputs<VestingInput>();
        MapInputs<VestingPartInput>();
        MapInputs<VenueInput>();
        MapInputs<LabelInput>();
        MapInputs<ReinvestmentPolicyInput>();
        MapInputs<IntakeInput>();
        MapInputs<SubmissionRoundInput>();
        MapInputs<ReviewRulesInput>();
        MapInputs<CriterionInput>();
        MapInputs<DepositInput>();
        MapInputs<TransferInput>();
        MapInputs<BudgetLineInput>();
        MapInputs<ProposedMilestoneInput>();
        MapInputs<DeclaredConflictInput>();
        RegisterTypeMapping(typeof(Verdict), typeof(VerdictGraphType));
        MapInputs<AuthorizationInput>();
        MapInputs<AsOfInput>();
        RegisterTypeMapping(typeof(SpaceRole), typeof(SpaceRoleGraphType));
        MapInputs<BallotInput>();
        MapInputs<DelegateStatementInput>();
        MapInputs<SignedBallotInput>();
    }

    private void MapInputs<T>() => RegisterTypeMapping(typeof(T), typeof(InputType<T>));
}

public sealed class BlockRefGraphType : ObjectGraphType<BlockRef>
{
    public BlockRefGraphType()
    {
        Name = "Block";
        Field("number", block => block.Number).Description("The height.");
        Field("hash", block => block.Hash).Description("The header's hash.");
        Field("timestamp", block => block.TimestampSeconds).Description("Seconds since 1970.");
    }
}

public sealed class EvidenceGraphType : ObjectGraphType<EventKey>
{
    public EvidenceGraphType()
    {
        Name = "Evidence";
        Description = "The log on the finalized chain that a fact rests on.";
        Field("chainId", key => key.ChainId);
        Field("blockNumber", key => key.BlockNumber);
        Field("blockHash", key => key.BlockHash);
        Field("transactionHash", key => key.TransactionHash);
        Field("logIndex", key => key.LogIndex);
    }
}

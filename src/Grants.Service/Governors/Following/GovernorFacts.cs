using Grants.Domain;
using Grants.Domain.Governors;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Governors.Following;

/// <summary>A final log with its block.</summary>
public sealed record GovernorLog(long ChainId, RpcLog Log, BlockRef Block)
{
    public EventKey Evidence => new(ChainId, Log.BlockNumber, Log.BlockHash, Log.TransactionHash, Log.LogIndex);

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(Block.TimestampSeconds);
}

/// <summary>What a final log of a governor or of its timelock says, and whom it concerns.</summary>
public abstract record GovernorFact(EventKey Evidence)
{
    /// <summary>It concerns the governor.</summary>
    public sealed record OfGovernor(EventKey Evidence, Func<Governor?, Decision> Decide) : GovernorFact(Evidence);

    /// <summary>It concerns a proposal.</summary>
    public sealed record OfProposal(EventKey Evidence, GovernorProposalKey Proposal, Func<GovernorProposal?, Decision> Decide)
        : GovernorFact(Evidence);

    /// <summary>It begins a proposal.</summary>
    public sealed record OfCreation(EventKey Evidence, RecordGovernorProposal Created) : GovernorFact(Evidence);

    /// <summary>It concerns whichever proposal has the operation, if one has.</summary>
    public sealed record OfOperation(
        EventKey Evidence, Hash32 OperationId, Func<GovernorProposalKey, GovernorProposal?, Decision> Decide) : GovernorFact(Evidence);
}

using System.ComponentModel;
using Grants.Primitives;
using Grants.Service.Api;

namespace Grants.Service.Governors;

public sealed record RegisterGovernorInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("The chain that the governor is on; this deployment's where absent.")] long? ChainId,
    Address Governor,
    [property: Description("The token whose votes count; refused where the governor names another.")] Address? Token,
    [property: Description("The timelock, or the zero address for none; refused where the governor names another.")] Address? Timelock,
    [property: Description("The block from which logs are read: the governor's deployment, or any before the first proposal of interest.")]
    long FromBlock) : IMutationInput;

public sealed record ApproveByGovernorInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string ProgramId,
    [property: Description("A registered governor.")] Address Governor) : IMutationInput;

public sealed record LinkGovernorProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("The submitted proposal to a program.")] Hash32 ProposalId,
    Address Governor,
    [property: Description("The governor's proposal, whose description contains the proposal's id and its content hash.")]
    UInt256 GovernorProposalId) : IMutationInput;

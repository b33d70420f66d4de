using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.VotingPower;

/// <summary>The logs of a contract are not stored up to the snapshot block yet.</summary>
public sealed record PowerNotIndexed(Address Contract)
    : Rejection("POWER_NOT_INDEXED", $"The logs of {Contract} are still being read; try again in a moment.");

/// <summary>The logs of a contract contradict each other or what it answers: voting power cannot rest on them.</summary>
public sealed record PowerInconsistent(Address Contract, string Problem)
    : Rejection("POWER_INCONSISTENT", $"Voting power cannot be read from {Contract}: {Problem}");

/// <summary>Only the contract can tell, and the node cannot ask it at the snapshot block.</summary>
public sealed record PowerNotReadable(Address Contract)
    : Rejection("POWER_NOT_READABLE", $"The node does not answer for {Contract} at the snapshot block; try again in a moment.");

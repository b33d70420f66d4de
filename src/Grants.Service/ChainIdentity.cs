namespace Grants.Service;

/// <summary>The chain that this deployment pays on, and on which its accounts live.</summary>
/// <param name="ChainId">EIP-155.</param>
public sealed record ChainIdentity(long ChainId);

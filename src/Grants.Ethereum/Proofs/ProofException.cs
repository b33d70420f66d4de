namespace Grants.Ethereum.Proofs;

/// <summary>What a node gave does not prove what it should by the hashes of the Yellow Paper, or is malformed.</summary>
public sealed class ProofException(string message, Exception? inner = null) : FormatException(message, inner);

namespace Grants.Ethereum.Rlp;

/// <summary>Bytes are not the one canonical RLP encoding of what was expected.</summary>
public sealed class RlpException(string message) : FormatException(message);

namespace Grants.Ethereum.Rlp;

/// <summary>Bytes are not the one canonical encoding (RLP, Yellow Paper, appendix B) of what was expected.</summary>
public sealed class RlpException(string message) : FormatException(message);

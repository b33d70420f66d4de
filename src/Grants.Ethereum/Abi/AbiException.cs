namespace Grants.Ethereum.Abi;

/// <summary>A declaration, a value or data does not follow the contract ABI specification.</summary>
public sealed class AbiException(string message) : FormatException(message);

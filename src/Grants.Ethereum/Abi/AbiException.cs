namespace Grants.Ethereum.Abi;

/// <summary>
/// A declaration, a value or data does not follow the contract ABI specification. What the message quotes is cut off.
/// </summary>
public sealed class AbiException(string message)
    : FormatException(message.Length <= LongestMessage ? message : message[..LongestMessage] + "…")
{
    private const int LongestMessage = 500;
}

namespace Grants.Ethereum.Proofs;

/// <summary>Reads what a node answered. Whatever is wrong with its shape is a <see cref="ProofException"/>.</summary>
internal static class ChainJson
{
    public static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException or OverflowException
            or ArgumentException or (FormatException and not ProofException))
        {
            throw new ProofException($"The {what} is malformed: {wrong.Message}", wrong);
        }
    }
}

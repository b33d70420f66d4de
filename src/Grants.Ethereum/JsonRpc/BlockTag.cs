namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// Names a block by its height or by a moving label, as the methods of EIP-1474 take it. The default value is the latest block.
/// </summary>
public readonly record struct BlockTag
{
    private readonly string? text;

    private BlockTag(string text, long? number = null) => (this.text, Number) = (text, number);

    /// <summary>The newest block that the node has; it may still be replaced.</summary>
    public static BlockTag Latest => default;

    /// <summary>The newest block that is unlikely to be replaced.</summary>
    public static BlockTag Safe { get; } = new("safe");

    /// <summary>The newest block that can no longer be replaced.</summary>
    public static BlockTag Finalized { get; } = new("finalized");

    /// <summary>The block that the node would make next, with the transactions that wait.</summary>
    public static BlockTag Pending { get; } = new("pending");

    /// <summary>The first block.</summary>
    public static BlockTag Earliest { get; } = new("earliest", 0);

    /// <summary>The height, where it is fixed.</summary>
    public long? Number { get; }

    /// <summary>The block of that height.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative height.</exception>
    public static BlockTag At(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new BlockTag(RpcValue.Quantity(number), number);
    }

    /// <summary>The text in a request.</summary>
    public override string ToString() => text ?? "latest";
}

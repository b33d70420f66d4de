namespace Grants.Ethereum.JsonRpc;

/// <summary>Names a block by its height or by a moving label. The default value is the latest block.</summary>
public readonly record struct BlockTag
{
    private readonly string? text;

    private BlockTag(string text, long? number = null) => (this.text, Number) = (text, number);

    public static BlockTag Latest => default;

    public static BlockTag Safe { get; } = new("safe");

    public static BlockTag Finalized { get; } = new("finalized");

    public static BlockTag Pending { get; } = new("pending");

    public static BlockTag Earliest { get; } = new("earliest", 0);

    /// <summary>The height, where it is fixed.</summary>
    public long? Number { get; }

    /// <exception cref="ArgumentOutOfRangeException">A negative height.</exception>
    public static BlockTag At(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new BlockTag(RpcValue.Quantity(number), number);
    }

    /// <summary>The text in a request.</summary>
    public override string ToString() => text ?? "latest";
}

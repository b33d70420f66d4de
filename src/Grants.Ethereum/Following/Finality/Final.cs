namespace Grants.Ethereum.Following.Finality;

/// <summary>
/// A value that rests on the final part of a chain alone. Only an <see cref="IFinality"/> of this library makes one, so that
/// what takes it cannot be given a block that was merely seen.
/// </summary>
/// <typeparam name="T">What is final: a block, most often.</typeparam>
public readonly record struct Final<T>
{
    internal Final(T value) => Value = value;

    /// <summary>What is final.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Value} (final)";
}

using System.Diagnostics.CodeAnalysis;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Abi;

/// <summary>
/// An event of a contract. The same signature exists with other indexed parameters in other contracts, so a log is known
/// by its address, first topic and number of topics together. The encoding is that of the contract ABI specification, "Events".
/// </summary>
public sealed class AbiEvent
{
    private const int MostTopics = 4;

    private readonly AbiType unindexed;

    internal AbiEvent(AbiDeclaration declaration)
    {
        Name = declaration.Name;
        Signature = declaration.Signature;
        Topic0 = Keccak256.Hash(declaration.Signature);
        Parameters = declaration.Inputs.Components;
        IsAnonymous = declaration.IsAnonymous;
        TopicCount = FirstIndexed + Parameters.Count(parameter => parameter.Indexed);
        if (TopicCount > MostTopics)
            throw new AbiException($"More than {MostTopics - FirstIndexed} parameters of {Signature} are indexed.");
        unindexed = AbiType.Tuple([.. Parameters.Where(parameter => !parameter.Indexed)]);
    }

    /// <summary>The name alone: <c>Transfer</c>.</summary>
    public string Name { get; }

    /// <summary>The canonical signature: <c>Transfer(address,address,uint256)</c>.</summary>
    public string Signature { get; }

    /// <summary>The Keccak-256 hash of the signature: the first topic of a log, unless the event is anonymous.</summary>
    public Hash32 Topic0 { get; }

    /// <summary>Whether its logs do not say what they are, so that the contract's other logs may be taken for it.</summary>
    public bool IsAnonymous { get; }

    /// <summary>The number of topics of a log, from none to four.</summary>
    public int TopicCount { get; }

    /// <summary>The parameters in declared order.</summary>
    public IReadOnlyList<AbiParameter> Parameters { get; }

    private int FirstIndexed => IsAnonymous ? 0 : 1;

    /// <summary>Reads <c>event Name(type indexed name, ...) [anonymous]</c>.</summary>
    /// <exception cref="AbiException">Not such a declaration.</exception>
    public static AbiEvent Parse(string declaration) => new(AbiParser.ParseDeclaration(declaration, "event"));

    /// <summary>
    /// The values in declared order. An indexed value longer than a word is its hash. False for another event and for
    /// topics or data that Solidity does not emit for this one; whatever the log holds, nothing is thrown.
    /// </summary>
    public bool TryDecode(RpcLog log, [NotNullWhen(true)] out object[]? values)
    {
        values = null;
        if (log.Topics.Count != TopicCount || (!IsAnonymous && log.Topics[0] != Topic0)
            || !AbiReader.TryRead(unindexed, log.Data, exact: true, out var fromData))
            return false;
        var decoded = new object[Parameters.Count];
        var (topic, datum) = (FirstIndexed, 0);
        for (var i = 0; i < decoded.Length; i++)
        {
            if (!Parameters[i].Indexed)
                decoded[i] = fromData[datum++];
            else if (!TryTopic(Parameters[i].Type, log.Topics[topic++], out decoded[i]))
                return false;
        }

        values = decoded;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Signature;

    private static bool TryTopic(AbiType type, Hash32 topic, out object value)
    {
        value = topic;
        if (!type.IsWord)
            return true;
        Span<byte> word = stackalloc byte[AbiWord.Length];
        topic.CopyTo(word);
        return AbiWord.TryRead(type, word, out value);
    }
}

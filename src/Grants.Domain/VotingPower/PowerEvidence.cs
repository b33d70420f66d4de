using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>What a contract answered when voting power was read, word for word.</summary>
/// <param name="Contract">Who was asked.</param>
/// <param name="Call">The ABI encoded call, hexadecimal.</param>
/// <param name="Answer">The ABI encoded answer, hexadecimal; null where the contract reverted.</param>
public sealed record PowerReading(Address Contract, string Call, string? Answer);

/// <summary>
/// What only calls could tell of the voting power of a vote, and what the logs were held against. With it and the logs anybody comes
/// to the same power, whether or not a node still has the state of the block.
/// </summary>
/// <param name="VoteId">The vote.</param>
/// <param name="Block">The snapshot block, by whose hash the contracts were asked.</param>
/// <param name="Readings">In the order of the questions.</param>
public sealed record PowerEvidenceRecorded(Hash32 VoteId, BlockRef Block, ValueList<PowerReading> Readings)
{
    /// <summary>The most readings in one event; more of them follow in further events.</summary>
    public const int ReadingsMax = 1_000;

    /// <summary>The stream that holds the evidence of a vote.</summary>
    public static string StreamId(Hash32 voteId) => $"power/{voteId}";

    /// <summary>The readings as events; none where nothing was asked.</summary>
    public static IReadOnlyList<PowerEvidenceRecorded> Of(Hash32 voteId, BlockRef block, IReadOnlyList<PowerReading> readings) =>
        [.. readings.Chunk(ReadingsMax).Select(chunk => new PowerEvidenceRecorded(voteId, block, [.. chunk]))];
}

using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.VotingPower;

/// <summary>All logs of a contract with this first topic up to a block, in the order of the chain.</summary>
public delegate Task<IReadOnlyList<RpcLog>> LogSource(Address contract, Hash32 topic0, long toBlock);

/// <summary>
/// What contracts answer at the snapshot block, in the order of the questions; null where it cannot be told for good, as when the node
/// has no state of that block any more.
/// </summary>
public delegate Task<IReadOnlyList<ContractAnswer>?> CallSource(IReadOnlyList<ContractRead> reads);

/// <summary>Answers that were recorded when the power was first read.</summary>
public static class RecordedAnswers
{
    /// <summary>The answers of a vote's evidence. A question that was not answered then is not answered now.</summary>
    public static CallSource Of(IEnumerable<PowerReading> readings)
    {
        var known = readings.DistinctBy(Key).ToDictionary(Key, AnswerOf);
        return reads =>
        {
            var answers = reads
                .Select(read => known.GetValueOrDefault((read.Target, Hex.Format(read.Data))))
                .OfType<ContractAnswer>()
                .ToList();
            return Task.FromResult<IReadOnlyList<ContractAnswer>?>(answers.Count == reads.Count ? answers : null);
        };
    }

    /// <summary>The first recorded answer that the source contradicts; null where there is none or the source cannot tell.</summary>
    public static async Task<PowerReading?> FirstFalseAsync(IReadOnlyList<PowerReading> readings, CallSource source)
    {
        var reads = readings.Select(reading => new ContractRead(reading.Contract, Hex.Parse(reading.Call))).ToList();
        if (reads.Count == 0 || await source(reads) is not { } answers)
            return null;
        return readings.Zip(answers).FirstOrDefault(pair => Format(pair.Second) != pair.First.Answer).First;
    }

    /// <summary>An answer as it is recorded.</summary>
    internal static string? Format(ContractAnswer answer) => answer.Succeeded ? Hex.Format(answer.Data) : null;

    private static (Address Contract, string Call) Key(PowerReading reading) => (reading.Contract, reading.Call);

    private static ContractAnswer AnswerOf(PowerReading reading) =>
        new(reading.Answer is not null, reading.Answer is null ? [] : Hex.Parse(reading.Answer));
}

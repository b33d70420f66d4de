using Grants.Domain.VotingPower;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Reading;

/// <summary>Asks contracts for single words, each question once, and keeps what they answered.</summary>
internal sealed class PowerQuestions(CallSource source)
{
    private readonly Dictionary<(Address Contract, string Call), PowerReading> readings = [];

    /// <summary>All answers so far, in the order in which they were first asked for.</summary>
    public IReadOnlyList<PowerReading> Readings => [.. readings.Values];

    /// <summary>
    /// The answers in the order of the questions, null each where the contract reverted or answered no word; null where it cannot
    /// be told.
    /// </summary>
    public async Task<IReadOnlyList<UInt256?>?> AskAsync(IReadOnlyList<ContractRead> questions)
    {
        var missing = questions.Where(question => !readings.ContainsKey(Key(question))).DistinctBy(Key).ToList();
        if (missing.Count > 0)
        {
            if (await source(missing) is not { } answers)
                return null;
            foreach (var (question, answer) in missing.Zip(answers))
                readings.Add(Key(question), new PowerReading(question.Target, Key(question).Call, RecordedAnswers.Format(answer)));
        }

        return [.. questions.Select(question => WordOf(readings[Key(question)].Answer))];
    }

    /// <summary>One question; null also where it cannot be told.</summary>
    public async Task<UInt256?> AskAsync(Address contract, AbiFunction function, params object[] arguments) =>
        await AskAsync([new ContractRead(contract, function.Encode(arguments))]) is [var answer] ? answer : null;

    private static (Address Contract, string Call) Key(ContractRead question) => (question.Target, Hex.Format(question.Data));

    private static UInt256? WordOf(string? answer) =>
        answer is not null && Hex.Parse(answer) is { Length: 32 } word ? UInt256.FromBytes(word) : null;
}

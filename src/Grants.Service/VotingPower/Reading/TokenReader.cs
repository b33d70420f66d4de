using Grants.Domain.VotingPower.Strategies;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Reading;

/// <summary>
/// Balances of tokens from their transfers, held against what the token answers at the snapshot block: its supply and the largest
/// balances. Where both agree the logs stand. Where they do not, because the token minted without a transfer, moves balances without
/// one or was there before its logs were read, everybody whom the logs name is asked for; that counts where it comes to the whole
/// supply. Where the node has no state of the block any more, transfers that add up stand for themselves.
/// </summary>
internal sealed class TokenReader(PowerLogs logs, PowerQuestions questions)
{
    /// <summary>So many of the largest holders are held against the token's own word.</summary>
    public const int Sample = 100;

    private const int HoldersMax = 50_000;

    private readonly Dictionary<Address, StrategyReading> known = [];

    public async Task<StrategyReading> BalancesAsync(Address token)
    {
        if (!known.TryGetValue(token, out var reading))
            known[token] = reading = await ReadAsync(token);
        return reading;
    }

    /// <summary>The accounts with the most, ties by address.</summary>
    public static IReadOnlyList<KeyValuePair<Address, UInt256>> Largest(StrategyPower power) =>
        [.. power.Accounts.Where(one => !one.Value.IsZero).OrderByDescending(one => one.Value).ThenBy(one => one.Key).Take(Sample)];

    private async Task<StrategyReading> ReadAsync(Address token)
    {
        var transfers = await logs.TransfersAsync(token);
        var folded = TokenBalances.Of(transfers);
        var sample = folded is null ? [] : Largest(folded);
        var answers = await questions.AskAsync(
        [
            new ContractRead(token, Erc20.TotalSupply.Encode()),
            BalanceOf(token, Address.Zero),
            .. sample.Select(holder => BalanceOf(token, holder.Key)),
        ]);
        if (answers?[0] is not { } totalSupply)
            return folded is null ? new PowerInconsistent(token, "its transfers do not add up.") : folded;
        var atZero = answers[1] ?? UInt256.Zero;
        if (folded is not null && answers.Skip(2).SequenceEqual(sample.Select(holder => (UInt256?)holder.Value))
            && TokenBalances.Whole(folded.Accounts, atZero, totalSupply) is { } whole)
            return whole;
        return await AskEverybodyAsync(token, transfers, atZero, totalSupply);
    }

    private async Task<StrategyReading> AskEverybodyAsync(
        Address token, IReadOnlyList<PowerTransfer> transfers, UInt256 atZero, UInt256 totalSupply)
    {
        var holders = TokenBalances.HoldersIn(transfers).Concat(await logs.WrappersAsync(token)).Distinct().Order().ToList();
        if (holders.Count > HoldersMax)
            return new PowerInconsistent(token, $"its logs do not tell balances, and {holders.Count} accounts are too many to ask for.");
        if (await questions.AskAsync([.. holders.Select(holder => BalanceOf(token, holder))]) is not { } balances)
            return new PowerNotReadable(token);
        var held = holders.Zip(balances).ToDictionary(pair => pair.First, pair => pair.Second ?? UInt256.Zero);
        return TokenBalances.Whole(held, atZero, totalSupply) is { } whole
            ? whole
            : new PowerInconsistent(
                token, "the accounts that its logs name do not hold its whole supply; watch it from its deployment on.");
    }

    private static ContractRead BalanceOf(Address token, Address holder) => new(token, Erc20.BalanceOf.Encode(holder));
}

using Grants.Domain.VotingPower.Strategies;
using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Reading;

/// <summary>Reads the facts of each kind of strategy and folds them; what a contract can be asked is held against its word.</summary>
internal sealed class StrategyReader(PowerLogs logs, PowerQuestions questions, OwnContracts own)
{
    private readonly TokenReader tokens = new(logs, questions);

    public async Task<StrategyReading> ReadAsync(PowerStrategy strategy) => strategy.Kind switch
    {
        PowerStrategyKind.Erc20Balance => await BalancesAsync(strategy.Contract),
        PowerStrategyKind.Erc20Votes => await VotesAsync(strategy.Contract),
        PowerStrategyKind.DelegatedBalance => await DelegatedAsync(strategy),
        PowerStrategyKind.Staked => await StakedAsync(strategy.Contract),
        PowerStrategyKind.VaultShares => await SharesAsync(strategy.Contract),
        PowerStrategyKind.LpUnderlying => await PooledAsync(strategy),
        PowerStrategyKind.List => ListedAccounts.Of(strategy.List) is { } listed
            ? listed
            : new PowerInconsistent(strategy.Contract, "its sum is above 2^256 - 1."),
        _ => throw new InvalidOperationException($"There is no strategy {strategy.Kind}."),
    };

    private async Task<StrategyReading> BalancesAsync(Address token) =>
        await tokens.BalancesAsync(token) is { Power: { } balances } ? balances.Without(own) : await tokens.BalancesAsync(token);

    private async Task<StrategyReading> VotesAsync(Address token)
    {
        var balances = await tokens.BalancesAsync(token);
        if (balances.Power is not { } held)
            return balances;
        if (DelegatedVotes.Of(await logs.VotesAsync(token), held.Supply) is not { } votes)
            return new PowerInconsistent(token, "its changes of votes do not follow on each other.");
        var sample = TokenReader.Largest(votes);
        return await AgreesAsync(token, Erc5805.GetVotes, sample)
            ? votes.WithoutAccounts(own) with { Supply = held.Without(own).Supply }
            : new PowerInconsistent(token, "it answers other votes than it logged.");
    }

    private async Task<StrategyReading> DelegatedAsync(PowerStrategy strategy)
    {
        var balances = await BalancesAsync(strategy.Contract);
        if (balances.Power is not { } held)
            return balances;
        var delegates = DelegatedBalances.DelegatesOf(await logs.RegistryAsync(strategy.Registry), strategy.RegistryId);
        var sample = TokenReader.Largest(held).Select(holder => holder.Key).ToList();
        var answers = await questions.AskAsync(
        [
            .. sample.Select(holder => Delegation(strategy.Registry, holder, strategy.RegistryId)),
            .. sample.Select(holder => Delegation(strategy.Registry, holder, Hash32.Zero)),
        ]);
        var agrees = answers is null || sample.Index().All(holder =>
            (answers[holder.Index] is { IsZero: false } bound ? bound : answers[sample.Count + holder.Index])
            == WordOf(delegates.GetValueOrDefault(holder.Item)));
        return agrees
            ? DelegatedBalances.Of(held, delegates).WithoutAccounts(own)
            : new PowerInconsistent(strategy.Registry, "it answers other delegations than it logged; watch it from its deployment on.");
    }

    private async Task<StrategyReading> StakedAsync(Address venue) =>
        LockedStakes.Of(await logs.LocksAsync(venue)) is { } stakes
            ? stakes.Without(own)
            : new PowerInconsistent(venue, "a lock changed that was never opened; watch it from its deployment on.");

    private async Task<StrategyReading> SharesAsync(Address vault)
    {
        var balances = await tokens.BalancesAsync(vault);
        if (balances.Power is not { Supply.IsZero: false } shares)
            return balances;
        if (await questions.AskAsync(vault, Erc4626.ConvertToAssets, shares.Supply) is not { } worth)
            return new PowerNotReadable(vault);
        var power = VaultShares.Of(shares, worth);
        var sample = TokenReader.Largest(shares);
        var converted = await questions.AskAsync(
            [.. sample.Select(holder => new ContractRead(vault, Erc4626.ConvertToAssets.Encode(holder.Value)))]);
        return converted is null || sample.Zip(converted).All(pair =>
            pair.Second is { } assets && VaultShares.Agrees(power.Accounts[pair.First.Key], assets))
            ? power.Without(own)
            : new PowerInconsistent(vault, "its conversion of shares is not proportional.");
    }

    private async Task<StrategyReading> PooledAsync(PowerStrategy strategy)
    {
        var pair = strategy.Contract;
        var balances = await tokens.BalancesAsync(pair);
        if (balances.Power is not { Supply.IsZero: false } liquidity)
            return balances;
        if (await questions.AskAsync([new(pair, UniswapV2Pair.Token0.Encode()), new(pair, UniswapV2Pair.Token1.Encode())])
            is not [{ } token0, { } token1])
            return new PowerNotReadable(pair);
        if (await logs.ReservesAsync(pair) is not var (reserve0, reserve1))
            return new PowerInconsistent(pair, "it logged no reserves; watch it from its deployment on.");
        var token = WordOf(strategy.Token);
        if (token != token0 && token != token1)
            return new PowerInconsistent(pair, $"it has no reserve of {strategy.Token}.");
        return PooledTokens.Of(liquidity, token == token0 ? reserve0 : reserve1).Without(own);
    }

    private async Task<bool> AgreesAsync(
        Address contract, AbiFunction function, IReadOnlyList<KeyValuePair<Address, UInt256>> expected) =>
        await questions.AskAsync([.. expected.Select(one => new ContractRead(contract, function.Encode(one.Key)))]) is not { } answers
        || answers.SequenceEqual(expected.Select(one => (UInt256?)one.Value));

    private static ContractRead Delegation(Address registry, Address holder, Hash32 id) =>
        new(registry, DelegateRegistry.Delegation.Encode(holder, id));

    private static UInt256 WordOf(Address address) => UInt256.FromBytes(address.ToBytes());
}

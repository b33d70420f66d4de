using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Governors;

/// <summary>Asks a governor, its token and its timelock what they are, all in one block.</summary>
public sealed class GovernorReader(EthereumRpc node)
{
    /// <summary>What the contracts answer; what they do not answer is null.</summary>
    public async Task<GovernorReading> ReadAsync(Address governor, BlockRef block, CancellationToken cancellation)
    {
        var ask = new Asking(node, block, cancellation);
        var clockMode = await ask.ForAsync<string>(governor, OzGovernor.ClockMode);
        var clock = await ask.ForNumberAsync(governor, OzGovernor.Clock);
        var token = await ask.ForAnyAsync<Address>(governor, OzGovernor.Token);
        var timelock = await ask.ForAnyAsync<Address>(governor, OzGovernor.Timelock);
        var past = Math.Max(0, (AsLong(clock) ?? (GovernorClocks.Parse(clockMode) ?? default).At(block)) - 1);
        return new GovernorReading(
            block,
            (await ask.ForAsync<string>(governor, OzGovernor.Name))?.Replace('\0', '\ufffd'),
            clockMode?.Replace('\0', '\ufffd'),
            AsLong(clock),
            (await ask.ForAsync<string>(governor, OzGovernor.CountingMode))?.Replace('\0', '\ufffd'),
            token,
            token is { } votes ? await ask.ForNumberAsync(votes, Erc5805.GetPastTotalSupply, (UInt256)past) : null,
            await ask.ForNumberAsync(governor, OzGovernor.QuorumNumerator),
            await ask.ForNumberAsync(governor, OzGovernor.QuorumDenominator),
            await ask.ForNumberAsync(governor, OzGovernor.PastQuorumNumerator, (UInt256)past),
            await ask.ForNumberAsync(governor, OzGovernor.Quorum, (UInt256)past),
            await ask.ForNumberAsync(governor, OzGovernorModules.SuperQuorumNumerator),
            await ask.ForNumberAsync(governor, OzGovernorModules.PastSuperQuorumNumerator, (UInt256)past),
            await ask.ForNumberAsync(governor, OzGovernorModules.SuperQuorum, (UInt256)past),
            timelock,
            timelock is { } controller ? await ask.ForNumberAsync(controller, TimelockController.GetMinDelay) : null,
            timelock is { } compound ? AsLong(await ask.ForNumberAsync(compound, TimelockController.GracePeriod)) : null,
            await ask.ForAnyAsync<Address>(governor, OzGovernorModules.AccessManager),
            await ask.ForNumberAsync(governor, OzGovernor.VotingDelay),
            await ask.ForNumberAsync(governor, OzGovernor.VotingPeriod),
            await ask.ForNumberAsync(governor, OzGovernor.ProposalThreshold),
            await ask.ForNumberAsync(governor, OzGovernor.LateQuorumVoteExtension));
    }

    /// <summary>
    /// For how long after its time a call of a timelock of Compound's kind can be made, in seconds; 0 where it does not say.
    /// </summary>
    public async Task<long> GracePeriodAsync(Address timelock, BlockRef block, CancellationToken cancellation) =>
        AsLong(await new Asking(node, block, cancellation).ForNumberAsync(timelock, TimelockController.GracePeriod)) ?? 0;

    private static long? AsLong(UInt256? number) => number is { } value && value <= (UInt256)long.MaxValue ? (long)value : null;

    private sealed class Asking(EthereumRpc node, BlockRef block, CancellationToken cancellation)
    {
        public Task<UInt256?> ForNumberAsync(Address contract, AbiFunction function, params object[] arguments) =>
            ForAnyAsync<UInt256>(contract, function, arguments);

        public async Task<T?> ForAnyAsync<T>(Address contract, AbiFunction function, params object[] arguments)
            where T : struct => await AnswerAsync(contract, function, arguments) as T?;

        public async Task<T?> ForAsync<T>(Address contract, AbiFunction function)
            where T : class => await AnswerAsync(contract, function, []) as T;

        private async Task<object?> AnswerAsync(Address contract, AbiFunction function, object[] arguments)
        {
            try
            {
                var data = await node.CallAsync(contract, function.Encode(arguments), block.Hash, cancellation: cancellation);
                return function.DecodeOutput(data)[0];
            }
            catch (AbiException)
            {
                return null;
            }
            catch (RpcErrorException problem) when (IsTheContracts(problem))
            {
                return null;
            }
        }

        // Nodes have many words for a call that failed in the contract. Any other error is the node's, and answers nothing.
        private static bool IsTheContracts(RpcErrorException problem) =>
            problem.Code == 3
            || problem.RevertData is not null
            || problem.Message.Contains("revert", StringComparison.OrdinalIgnoreCase)
            || problem.Message.Contains("invalid opcode", StringComparison.OrdinalIgnoreCase)
            || problem.Message.Contains("out of gas", StringComparison.OrdinalIgnoreCase)
            || problem.Message.Contains("VM execution", StringComparison.OrdinalIgnoreCase);
    }
}

using Grants.Domain.Disbursements;
using Grants.Service.Demo;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>
/// A payment is interrupted at every point of its life: the process ends there, another node acts at the same instant, or the database
/// has committed and does not say so.
/// </summary>
[Collection(nameof(TreasuryLab))]
public sealed class CrashCases(TreasuryLab lab)
{
    /// <summary>In the order in which a payment comes by them. What is stored at once is one point.</summary>
    private static readonly string[] Stored =
    [
        nameof(DisbursementOrdered), nameof(NonceReserved), nameof(TransactionSigned), nameof(TransactionSent), nameof(TransactionMined),
        nameof(DisbursementFinalized), nameof(TransactionClosed),
    ];

    private static readonly string[] Asked =
    [
        "before eth_call", "after eth_call", "before eth_sendRawTransaction", "after eth_sendRawTransaction",
        "after eth_getTransactionReceipt",
    ];

    public static TheoryData<string> Points =>
        [.. Asked, .. Stored.SelectMany(name => new[] { $"before {name}", $"after {name}" })];

    /// <summary>Where a promotion holds the chain's cursor, another node's promotion waits, and there is nothing to meet.</summary>
    public static TheoryData<string> PointsForTwo => [.. Stored.Skip(1).Select(name => $"before {name}")];

    public static TheoryData<string> Commits => [.. Stored.Select(name => $"after {name}")];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task a_payment_goes_on_after_a_kill(string point)
    {
        var order = lab.Next();
        await using (var life = await lab.BeginAsync())
        {
            life.Death.Arm(point);
            await Assert.ThrowsAsync<KilledException>(() => life.PayAsync(order));
            Assert.True(life.Death.WasThere);
        }

        await using var next = await lab.BeginAsync();
        await next.PayAsync(order);
        await lab.CheckAsync(next, order);
        Assert.Single((await lab.StateAsync(order)).Nonces);
    }

    [Theory]
    [MemberData(nameof(PointsForTwo))]
    public async Task two_nodes_that_act_at_once_pay_once(string point)
    {
        var order = lab.Next();
        await using var other = await lab.BeginAsync();
        await using var life = await lab.BeginAsync();
        life.Death.Arm(point, other.StepAsync);
        await life.PayAsync(order);
        Assert.True(life.Death.WasThere);
        await lab.CheckAsync(life, order);
        Assert.Single((await lab.StateAsync(order)).Nonces);
    }

    [Theory]
    [MemberData(nameof(Commits))]
    public async Task a_commit_that_the_database_does_not_confirm_counts_once(string point)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        life.Death.Arm(point, () => throw new NpgsqlException("The connection broke before the answer came."));
        try
        {
            await life.PayAsync(order);
        }
        catch (NpgsqlException)
        {
            // Whoever ordered did not hear that it is ordered, and orders again.
            await life.PayAsync(order);
        }

        Assert.True(life.Death.WasThere);
        await lab.CheckAsync(life, order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task approvals_that_were_given_before_a_kill_still_count(int given)
    {
        await lab.SetLimitsAsync(oneFrom: 10, twoFrom: 50);
        lab.Approvers = new() { ["Ada"] = [Cast.Ada.Address.ToString()], ["Bo"] = [Cast.Bo.Address.ToString()] };
        var order = lab.Next();
        await using (var life = await lab.BeginAsync())
        {
            await lab.GiveAsync(order);
            foreach (var (name, person) in new[] { ("Ada", Cast.Ada), ("Bo", Cast.Bo) }.Take(given - 1))
                await lab.ApproveAsync(order, name, person);
            life.Death.Arm($"after {nameof(DisbursementApproved)}");
            await Assert.ThrowsAsync<KilledException>(() => life.Death.RunAsync(() => given == 1
                ? lab.ApproveAsync(order, "Ada", Cast.Ada)
                : lab.ApproveAsync(order, "Bo", Cast.Bo)));
        }

        await using var next = await lab.BeginAsync();
        if (given == 1)
        {
            await next.StepAsync();
            Assert.Equal("ApprovalsMissing(1 of 2)", (await lab.StateAsync(order)).Failure);
            await lab.ApproveAsync(order, "Bo", Cast.Bo);
        }

        await next.PayAsync(order);
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000);
        await lab.CheckAsync(next, order);
    }
}

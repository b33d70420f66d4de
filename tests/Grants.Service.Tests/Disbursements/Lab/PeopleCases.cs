using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Control;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>What people do while a payment is on its way.</summary>
[Collection(nameof(TreasuryLab))]
public sealed class PeopleCases(TreasuryLab lab)
{
    public static TheoryData<string> Points =>
    [
        .. new[]
        {
            nameof(DisbursementOrdered), nameof(NonceReserved), nameof(TransactionSigned), nameof(TransactionSent),
            nameof(TransactionMined), nameof(DisbursementFinalized),
        }.Select(name => $"after {name}"),
    ];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task a_pause_at_any_moment_stops_what_comes_after_it_and_two_persons_let_it_go_on(string point)
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        life.Death.Arm(point, lab.PauseAsync);
        await lab.GiveAsync();
        await life.Death.RunAsync(() => lab.GiveAsync(order));
        for (var step = 0; step < 40 && !life.Death.WasThere; step++)
        {
            await life.StepAsync();
            await lab.MineAsync();
            await life.FollowAsync();
        }

        Assert.True(life.Death.WasThere);
        var (signed, sent) = (await AttemptsAsync(order), await StateAsync(order));
        for (var step = 0; step < 2; step++)
        {
            await life.StepAsync();
            await lab.MineAsync();
        }

        Assert.Equal(signed, await AttemptsAsync(order));
        if (sent == TransactionState.Signed)
            Assert.Equal(TransactionState.Signed, await StateAsync(order));
        await lab.ResumeAsync(life);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task what_a_program_may_take_a_day_holds_its_next_payment_and_not_those_of_others()
    {
        var (first, second, other) = (lab.Next(), lab.Next(), lab.Next());
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000, program: 150);
        await using var life = await lab.BeginAsync(options => options.BatchSize = 1);
        await lab.GiveAsync("builders", first, second);
        await lab.GiveAsync("research", other);
        await life.UntilAsync(async () => (await lab.StateAsync(other)).State == DisbursementState.Finalized);
        Assert.Equal(DisbursementState.Finalized, (await lab.StateAsync(first)).State);
        Assert.Equal(
            (DisbursementState.Ordered, $"OverLimit(program, {Scene.Tokens(150)})"),
            ((await lab.StateAsync(second)).State, (await lab.StateAsync(second)).Failure));
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000);
        await life.UntilAsync(async () => (await lab.StateAsync(second)).State == DisbursementState.Finalized
            && (await lab.LedgerAsync())!.Open.IsEmpty);
        await lab.CheckAsync(life, first, second, other);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task programs_of_one_name_in_two_spaces_have_a_limit_each_and_share_one_that_was_set_before_they_had(bool isOfSpace)
    {
        // A vault is of one space: that of the other space's order is none of the lab's, and it is only asked about.
        var (program, first, same) = ($"of spaces: {isOfSpace}", lab.Next(), lab.Next());
        var other = same with { OrderId = Keccak256.Hash(program), Vault = Cast.Vera.Address };
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000, program: 150, isOfSpace: isOfSpace);
        await using var life = await lab.BeginAsync(options => options.BatchSize = 1);
        await lab.GiveAsync(program, first);
        await life.PayAsync(first);
        await lab.GiveAsync(program, same);
        await lab.GiveAsync(program, TreasuryLab.OtherSpace, other);
        await life.StepAsync();
        var held = $"OverLimit(program, {Scene.Tokens(150)})";
        Assert.Equal((DisbursementState.Ordered, held), ((await lab.StateAsync(same)).State, (await lab.StateAsync(same)).Failure));
        await using (var session = lab.Store.QuerySession(Spaces.Deployment))
        {
            var asked = await lab.StateAsync(other, TreasuryLab.OtherSpace);
            var answers = await life.Services.GetRequiredService<PaymentRules>().CheckAsync(
                session, [asked], await lab.ControlAsync(), TestContext.Current.CancellationToken);
            Assert.Equal(isOfSpace ? null : held, Assert.Single(answers).Refusal);
        }

        await lab.ActAsync(TreasuryLab.OtherSpace, session => ControlHandlers.Handle(
            new RejectDisbursement(other.OrderId, Cast.Ada.Address, "No vault.", lab.Clock.GetUtcNow()), session, default));
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000);
        await life.PayAsync(same);
        await lab.CheckAsync(life, first, same);
    }

    [Fact]
    public async Task a_signature_of_who_is_no_approver_any_more_counts_for_nothing()
    {
        await lab.SetLimitsAsync(oneFrom: 10, twoFrom: 50);
        lab.Approvers = new() { ["Ada"] = [Cast.Ada.Address.ToString()], ["Bo"] = [Cast.Bo.Address.ToString()] };
        var order = lab.Next();
        await lab.GiveAsync(order);
        await lab.ApproveAsync(order, "Ada", Cast.Ada);
        await lab.ApproveAsync(order, "Bo", Cast.Bo);
        lab.Approvers = new() { ["Ada"] = [Cast.Ada.Address.ToString()] };
        await using (var life = await lab.BeginAsync())
        {
            await life.StepAsync();
            Assert.Equal("ApprovalsMissing(1 of 2)", (await lab.StateAsync(order)).Failure);
        }

        lab.Approvers = new() { ["Ada"] = [Cast.Ada.Address.ToString()], ["Bo"] = [Cast.Bo.Address.ToString()] };
        await using var next = await lab.BeginAsync();
        await next.PayAsync(order);
        await lab.SetLimitsAsync(oneFrom: 500_000, twoFrom: 500_000);
        await lab.CheckAsync(next, order);
    }

    [Fact]
    public async Task a_limit_that_is_lowered_after_the_simulation_holds_the_payment()
    {
        var order = lab.Next();
        await using var life = await lab.BeginAsync();
        life.Death.Arm("after eth_call", () => lab.SetLimitsAsync(500_000, 500_000, order: 1));
        await lab.GiveAsync(order);
        await life.StepAsync();
        Assert.True(life.Death.WasThere);
        await life.StepAsync();
        Assert.Equal((DisbursementState.Ordered, true), (
            (await lab.StateAsync(order)).State,
            (await lab.StateAsync(order)).Failure!.StartsWith("OverLimit(order", StringComparison.Ordinal)));
        await lab.SetLimitsAsync(500_000, 500_000);
        await life.PayAsync(order);
        await lab.CheckAsync(life, order);
    }

    [Fact]
    public async Task a_limit_that_is_lowered_in_flight_lets_what_is_signed_go_and_holds_the_next()
    {
        var (order, next) = (lab.Next(), lab.Next());
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(order);
        await life.UntilAsync(async () => (await lab.TransactionAsync(order))?.State == TransactionState.Sent, mines: false);
        await lab.SetLimitsAsync(500_000, 500_000, order: 1);
        await lab.GiveAsync(next);
        await life.PayAsync(order);
        Assert.StartsWith("OverLimit(order", (await lab.StateAsync(next)).Failure, StringComparison.Ordinal);
        await lab.SetLimitsAsync(500_000, 500_000);
        await life.PayAsync(next);
        await lab.CheckAsync(life, order, next);
    }

    [Fact]
    public async Task the_same_duties_that_are_ordered_again_and_again_are_paid_once()
    {
        var orders = lab.Next(3);
        await using var life = await lab.BeginAsync();
        await lab.GiveAsync(orders);
        await lab.GiveAsync(orders);
        await life.PayAsync(orders);
        await lab.GiveAsync(orders);
        await life.StepAsync();
        await lab.CheckAsync(life, orders);
    }

    [Fact]
    public async Task of_many_orders_at_once_the_oldest_are_paid_first_and_no_more_than_the_limit()
    {
        var orders = lab.Next(12);
        foreach (var order in orders)
        {
            lab.Clock.Ahead += TimeSpan.FromSeconds(1);
            await lab.GiveAsync(order);
        }

        lab.Clock.Ahead += TimeSpan.FromDays(2);
        await lab.SetLimitsAsync(500_000, 500_000, day: 700);
        await using var life = await lab.BeginAsync();
        await life.PayAsync(orders[..7]);
        foreach (var order in orders[7..])
            Assert.StartsWith("OverLimit(day", (await lab.StateAsync(order)).Failure, StringComparison.Ordinal);
        await lab.SetLimitsAsync(500_000, 500_000);
        await life.PayAsync(orders);
        await lab.CheckAsync(life, orders);
    }

    private async Task<int> AttemptsAsync(TreasuryOrder order) => (await lab.TransactionAsync(order))?.Attempts.Count ?? 0;

    private async Task<TransactionState?> StateAsync(TreasuryOrder order) => (await lab.TransactionAsync(order))?.State;
}

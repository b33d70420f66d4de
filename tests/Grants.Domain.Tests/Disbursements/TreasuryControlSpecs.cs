using System.Text.Json;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

public sealed class TreasuryControlSpecs
{
    private const long Delay = 3_600;

    private static readonly DateTimeOffset At = AProgram.At;

    private static readonly PauseTreasury Pause = new(AProgram.ChainId, AProgram.Manager, "A look first.", At);

    private static readonly TreasuryPaused Paused = new(AProgram.ChainId, AProgram.Manager, "A look first.", At);

    private static readonly ResumeTreasury ByAda = new(AProgram.ChainId, "ada", AProgram.Ada, At, At.AddHours(1));

    private static readonly ResumeTreasury ByBo = ByAda with { Person = "bo", By = AProgram.Bo };

    private static readonly ResumeAgreed AdaAgreed = new("ada", AProgram.Ada, At.AddHours(1));

    private static readonly ResumeAgreed BoAgreed = new("bo", AProgram.Bo, At.AddHours(1));

    private static readonly TreasuryResumed Resumed = new(At.AddHours(1));

    private static readonly TreasuryLimits Limits = new(AProgram.Token, 100, 1_000, 5_000, 6_000, 10_000);

    private static readonly TreasuryLimits Higher = Limits with { MostPerDay = 20_000 };

    private static readonly TreasuryLimits Lower = Limits with { MostPerOrder = 500 };

    // --- Pause and resume ---

    [Fact]
    public void the_treasury_is_paused_once()
    {
        Given().When(Pausing(Pause)).Then(Paused);
        Given(Paused).When(Pausing(Pause with { By = null, Reason = "Another." })).ThenNothing();
    }

    [Fact]
    public void one_person_cannot_resume()
    {
        var state = Given(Paused).When(Resuming(ByAda)).Then(AdaAgreed)!;
        Assert.NotNull(state.Pause);
        Given(Paused, AdaAgreed).When(Resuming(ByAda with { By = AProgram.Bo })).ThenNothing();
    }

    [Fact]
    public void two_persons_resume()
    {
        var state = Given(Paused, AdaAgreed).When(Resuming(ByBo)).Then(BoAgreed, Resumed)!;
        Assert.Null(state.Pause);
    }

    [Fact]
    public void who_agrees_means_the_pause_that_was_seen() =>
        Given(Paused).When(Resuming(ByAda with { PausedAt = At.AddSeconds(-1) })).ThenRejected("NOT_THAT_PAUSE");

    [Fact]
    public void an_agreement_does_not_outlive_its_pause() =>
        Given(Paused, AdaAgreed, BoAgreed, Resumed, Paused with { At = At.AddHours(2) })
            .When(Resuming(ByAda with { PausedAt = At.AddHours(2) }))
            .Then(AdaAgreed);

    [Fact]
    public void what_is_not_paused_need_not_be_resumed() => Given().When(Resuming(ByAda)).ThenNothing();

    // --- Limits ---

    [Fact]
    public void the_first_limits_count_at_once() => Given().When(Setting(Limits)).Then(Set(Limits, At));

    [Fact]
    public void lower_limits_count_at_once()
    {
        var state = Given(Set(Limits, At)).When(Setting(Lower)).Then(Set(Lower, At))!;
        Assert.Equal(Lower, state.LimitsOf(AProgram.Token, At));
    }

    [Fact]
    public void higher_limits_count_after_the_delay()
    {
        var state = Given(Set(Limits, At)).When(Setting(Higher)).Then(Set(Higher, At.AddSeconds(Delay)))!;
        Assert.Equal(Limits, state.LimitsOf(AProgram.Token, At.AddSeconds(Delay - 1)));
        Assert.Equal(Higher, state.LimitsOf(AProgram.Token, At.AddSeconds(Delay)));
    }

    [Fact]
    public void lower_limits_end_higher_ones_that_wait()
    {
        var state = Given(Set(Limits, At), Set(Higher, At.AddSeconds(Delay))).When(Setting(Lower)).Then(Set(Lower, At))!;
        Assert.Equal(Lower, state.LimitsOf(AProgram.Token, At.AddSeconds(Delay)));
    }

    [Fact]
    public void a_later_higher_limit_waits_anew() => Given(Set(Limits, At), Set(Higher, At.AddSeconds(Delay)))
        .When(Setting(Higher with { MostPerOrder = 7_000 }))
        .Then(Set(Higher with { MostPerOrder = 7_000 }, At.AddSeconds(Delay)));

    [Fact]
    public void asking_for_approval_later_is_no_lower_limit() =>
        Given(Set(Limits, At)).When(Setting(Lower with { OneApprovalFrom = 200 })).Then(
            Set(Lower with { OneApprovalFrom = 200 }, At.AddSeconds(Delay)));

    [Fact]
    public void lower_limits_need_no_signature_and_others_do()
    {
        Given(Set(Limits, At)).When(Setting(Lower, isAuthorized: false)).Then(Set(Lower, At));
        Given(Set(Limits, At)).When(Setting(Higher, isAuthorized: false)).ThenRejected("AUTHORIZATION_REQUIRED");
        Given(Set(Limits, At), Set(Lower, At)).When(Setting(Limits, isAuthorized: false)).ThenRejected("AUTHORIZATION_REQUIRED");
    }

    [Fact]
    public void two_approvals_are_not_asked_for_before_one() =>
        Given().When(Setting(Limits with { TwoApprovalsFrom = 99 })).ThenRejected("INVALID_VALUE");

    [Fact]
    public void another_token_has_limits_of_its_own()
    {
        var other = Limits with { Token = AProgram.Bo };
        var state = Given(Set(Limits, At)).When(Setting(other)).Then(Set(other, At))!;
        Assert.Equal(Limits, state.LimitsOf(AProgram.Token, At));
        Assert.Null(state.LimitsOf(AProgram.Ada, At));
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    [InlineData(999, 1)]
    [InlineData(1_000, 2)]
    public void larger_payments_need_more_persons(ulong amount, int persons) => Assert.Equal(persons, Limits.ApprovalsFor(amount));

    [Theory]
    [InlineData(5_000, 0, 0, null)]
    [InlineData(5_001, 0, 0, "OverLimit(order, 5000)")]
    [InlineData(5_000, 1_000, 1_000, null)]
    [InlineData(5_000, 1_001, 1_001, "OverLimit(recipient, 6000)")]
    [InlineData(5_000, 0, 5_001, "OverLimit(day, 10000)")]
    public void limits_bind_the_order_the_recipient_and_the_day(ulong amount, ulong toRecipient, ulong inAll, string? expected) =>
        Assert.Equal(expected, Limits.Against(amount, toRecipient, inAll, inAll));

    [Fact]
    public void a_program_takes_no_more_of_a_day_than_its_limit()
    {
        var limits = Limits with { MostPerProgram = 1_000 };
        Assert.Null(limits.Against(400, 0, 600, 600));
        Assert.Equal("OverLimit(program, 1000)", limits.Against(401, 0, 600, 600));
        Assert.True(limits.IsWithin(Limits));
        Assert.True(limits.IsWithin(limits));
        Assert.False(Limits.IsWithin(limits));
        Assert.False((limits with { MostPerProgram = 1_001 }).IsWithin(limits));
    }

    [Fact]
    public void a_program_is_one_of_a_space_and_of_older_limits_one_of_all_spaces()
    {
        var older = Limits with { MostPerProgram = 1_000 };
        var limits = older with { IsOfSpace = true };
        Assert.False(limits.IsOneProgram("builders", "metis", "builders", "dao2"));
        Assert.True(limits.IsOneProgram("builders", "metis", "builders", "metis"));
        Assert.True(older.IsOneProgram("builders", "metis", "builders", "dao2"));
        Assert.False(older.IsOneProgram("builders", "metis", "research", "metis"));
        // Of which space an older payment was, nobody knows: it counts in each.
        Assert.True(limits.IsOneProgram("builders", "", "builders", "dao2"));
        Assert.True(limits.IsOneProgram("builders", "metis", "builders", ""));
        Assert.False(limits.IsOneProgram("builders", "", "research", "dao2"));
        Assert.True(older.IsWithin(limits));
        Assert.False(limits.IsWithin(older));
    }

    [Fact]
    public void older_limits_become_ones_of_a_space_only_with_a_signature_and_after_the_delay() => Given(
            Set(Limits with { MostPerProgram = 1_000 }, At))
        .When(Setting(Limits with { MostPerProgram = 1_000, IsOfSpace = true }))
        .Then(Set(Limits with { MostPerProgram = 1_000, IsOfSpace = true }, At.AddSeconds(Delay)));

    [Fact]
    public void older_limits_that_are_lowered_without_a_signature_stay_shared() => Given(Set(Limits with { MostPerProgram = 1_000 }, At))
        .When(Setting(Lower with { MostPerProgram = 900, IsOfSpace = true }, isAuthorized: false))
        .Then(Set(Lower with { MostPerProgram = 900 }, At));

    [Fact]
    public void the_control_comes_back_from_json()
    {
        var state = new object[] { Set(Limits, At), Paused, AdaAgreed }.Aggregate((TreasuryControl?)null, TreasuryControl.Evolve)!;
        var json = JsonSerializer.Serialize(state);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<TreasuryControl>(json)));
    }

    private static TreasuryLimitsSet Set(TreasuryLimits limits, DateTimeOffset effectiveAt) =>
        new(AProgram.ChainId, limits, AProgram.Manager, At, effectiveAt);

    private static Func<TreasuryControl?, Decision> Pausing(PauseTreasury command) => state => TreasuryControl.Decide(command, state);

    private static Func<TreasuryControl?, Decision> Resuming(ResumeTreasury command) => state => TreasuryControl.Decide(command, state);

    private static Func<TreasuryControl?, Decision> Setting(TreasuryLimits limits, bool isAuthorized = true) => state =>
        TreasuryControl.Decide(new SetTreasuryLimits(AProgram.ChainId, limits, AProgram.Manager, At, Delay, isAuthorized), state);

    private static Spec<TreasuryControl> Given(params object[] events) => new Spec<TreasuryControl>(TreasuryControl.Evolve).Given(events);
}

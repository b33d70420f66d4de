using Grants.Domain.Tests.Programs;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.VotingPower;

public sealed class StatementSpecs
{
    private static readonly DateTimeOffset At = AProgram.At;

    private static readonly DelegateStatement First = new(
        AProgram.Space, AProgram.Ada, "I vote for what works.", 1, At.ToUnixTimeSeconds() + 3_600);

    private static Spec<DelegateProfile> Profile => new(DelegateProfile.Evolve);

    [Fact]
    public void a_statement_is_published()
    {
        var profile = Profile.When(Publish(First)).Then(Published(First));
        Assert.True(profile!.IsStanding);
        Assert.Equal(First, profile.Last);
    }

    [Fact]
    public void a_newer_statement_replaces_the_one_before() => Profile
        .Given(Published(First))
        .When(Publish(First with { Statement = "I changed my mind.", Nonce = 7 }))
        .Then(Published(First with { Statement = "I changed my mind.", Nonce = 7 }));

    [Fact]
    public void an_empty_statement_withdraws_the_one_before()
    {
        var nothing = First with { Statement = string.Empty, Nonce = 2 };
        var profile = Profile
            .Given(Published(First))
            .When(Publish(nothing))
            .Then(new DelegateStatementWithdrawn(nothing, "0x01", false, DigestOf(nothing), At));
        Assert.False(profile!.IsStanding);
    }

    [Fact]
    public void what_was_withdrawn_does_not_come_back_with_the_old_signature() => Profile
        .Given(Published(First), new DelegateStatementWithdrawn(
            First with { Statement = string.Empty, Nonce = 2 }, "0x01", false, Keccak256.Hash("withdrawn"), At))
        .When(Publish(First))
        .ThenRejected("STATEMENT_NOT_NEWER");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void a_statement_with_no_higher_nonce_is_rejected(int nonce) => Profile
        .Given(Published(First))
        .When(Publish(First with { Statement = "Or this.", Nonce = (ulong)nonce }))
        .ThenRejected("STATEMENT_NOT_NEWER");

    [Fact]
    public void the_very_same_statement_again_is_the_same_act() => Profile.Given(Published(First)).When(Publish(First)).ThenNothing();

    [Fact]
    public void a_statement_is_refused_for_what_is_wrong_with_it()
    {
        Assert.Null(Refusal(First));
        Assert.Equal("INVALID_VALUE", Refusal(First with { Space = "elsewhere" }));
        Assert.Equal("INVALID_VALUE", Refusal(First with { Delegate = Address.Zero }));
        Assert.Equal("INVALID_VALUE", Refusal(First with { Statement = "a\0b" }));
        Assert.Null(Refusal(First with { Statement = new string('a', DelegateProfile.StatementLengthMax) }));
        Assert.Equal("INVALID_VALUE", Refusal(First with { Statement = new string('a', DelegateProfile.StatementLengthMax + 1) }));
        Assert.Equal("STATEMENT_EXPIRED", Refusal(First with { ExpiresAt = At.ToUnixTimeSeconds() }));
        Assert.Null(Refusal(First with { ExpiresAt = At.ToUnixTimeSeconds() + 1 }));
        var latest = At.ToUnixTimeSeconds() + DelegateProfile.ExpirySecondsMax;
        Assert.Null(Refusal(First with { ExpiresAt = latest }));
        Assert.Equal("STATEMENT_EXPIRED", Refusal(First with { ExpiresAt = latest + 1 }));
    }

    private static string? Refusal(DelegateStatement statement) => DelegateProfile.Refuse(statement, AProgram.Space, At)?.Code;

    private static Func<DelegateProfile?, Decision> Publish(DelegateStatement statement) => state =>
        DelegateProfile.Decide(new PublishStatement(statement, "0x01", false, DigestOf(statement), At), state);

    private static DelegateStatementPublished Published(DelegateStatement statement) =>
        new(statement, "0x01", false, DigestOf(statement), At);

    private static Hash32 DigestOf(DelegateStatement statement) => Keccak256.Hash(statement.ToString());
}

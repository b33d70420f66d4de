using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

public sealed class RecipientSpecs
{
    private const long Cooldown = Award.RecipientCooldownSeconds;

    private static readonly AwardGranted WithAgreement = Granted with { Terms = Terms with { AgreementHash = Keccak256.Hash("text") } };

    private static readonly AgreementSigned Signed = new(
        AnAward.Id, AProgram.Ada, Keccak256.Hash("text"), Keccak256.Hash("digest"), "0x1b", false, AProgram.At);

    private static readonly RecipientChangeAgreed Agreed = new(
        AnAward.Id, AProgram.Ada, AProgram.Bo, Keccak256.Hash("digest"), "0x01", "0x02", Start + 150 + Cooldown, Block(150), AProgram.At);

    private static readonly AwardRecipientChanged Changed = new(AnAward.Id, AProgram.Ada, AProgram.Bo, Evidence("change"));

    // --- Agreement ---

    [Fact]
    public void nothing_is_released_before_the_recipient_signed_the_agreement()
    {
        Given(WithAgreement, Reserved).When(Releasing(1, 100)).ThenRejected("AGREEMENT_NOT_SIGNED");
        Assert.NotNull(Given(WithAgreement, Reserved).When(Signing(AProgram.Ada)).Then(Signed)!.NextDueAt);
        Given(WithAgreement, Reserved, Signed).When(Releasing(1, 100)).Then(Ordered(1));
    }

    [Fact]
    public void only_the_recipient_signs_and_once()
    {
        Given(WithAgreement).When(Signing(AProgram.Bo)).ThenRejected("NOT_THE_RECIPIENT");
        Given(WithAgreement, Signed).When(Signing(AProgram.Ada)).ThenNothing();
        Given(Granted).When(Signing(AProgram.Ada)).ThenRejected("NO_AGREEMENT");
        Given().When(Signing(AProgram.Ada)).ThenRejected("NOT_FOUND");
    }

    // --- Change ---

    [Fact]
    public void a_new_recipient_is_paid_when_both_agreed_the_vault_followed_and_it_cooled_down()
    {
        Given(Granted, Reserved, Ordered(1)).When(Agreeing(AProgram.Bo)).Then(Agreed);
        Given(Granted, Reserved, Ordered(1), Agreed).When(Releasing(2, 200)).ThenRejected("RECIPIENT_NOT_AGREED");
        Given(Granted, Reserved, Ordered(1), Agreed).When(Following(AProgram.Bo)).Then(Changed);
        Given(Granted, Reserved, Ordered(1), Agreed, Changed).When(Releasing(2, 149 + Cooldown)).ThenRejected("TRANCHE_NOT_DUE");
        Given(Granted, Reserved, Ordered(1), Agreed, Changed).When(Releasing(2, 150 + Cooldown)).Then(Ordered(2) with
        {
            ReleaseId = VaultOrderId.Release(Terms with { Recipient = AProgram.Bo }, 2, 251),
            Recipient = AProgram.Bo,
            VestedAmount = 1_003,
            FinalizedBlock = Block(150 + Cooldown),
        });
    }

    [Fact]
    public void a_change_that_nobody_agreed_to_stops_all_releases()
    {
        var award = Given(Granted, Reserved, Ordered(1)).When(Following(AProgram.Bo)).Then(Changed)!;
        Assert.Null(award.NextDueAt);
        Given(Granted, Reserved, Ordered(1), Changed).When(Releasing(2, 9_999)).ThenRejected("RECIPIENT_NOT_AGREED");
        Given(Granted, Reserved, Ordered(1), Changed, Changed with { From = AProgram.Bo, To = AProgram.Ada })
            .When(Releasing(2, 200)).Then(Ordered(2));
    }

    [Fact]
    public void a_payment_in_flight_while_the_recipient_changed_settles_its_order()
    {
        var award = Given(Granted, Reserved, Ordered(1)).When(Following(AProgram.Bo)).Then(Changed)!;
        var paid = VaultOrderId.Release(Terms with { Recipient = AProgram.Bo }, 1, 250);
        Assert.Equal(ReleaseId(1), award.OrderIdOf(paid, 1, 250));
        Assert.Null(award.OrderIdOf(paid, 2, 250));
        Assert.Null(award.OrderIdOf(paid, 1, 251));
    }

    [Fact]
    public void the_vault_the_token_and_nobody_are_no_recipients()
    {
        foreach (var wrong in new[] { Address.Zero, Terms.Vault, Terms.Token, Terms.Treasury })
            Given(Granted, Reserved).When(Agreeing(wrong)).ThenRejected("INVALID_VALUE");
        Given(Granted, Reserved).When(Agreeing(AProgram.Ada)).ThenNothing();
        Given(Granted, Reserved, Ordered(1), TakenBack).When(Agreeing(AProgram.Bo)).ThenRejected("AWARD_ENDED");
    }

    [Fact]
    public void every_change_is_signed_anew_and_the_new_recipient_signs_the_agreement_with_it()
    {
        var award = Given(WithAgreement, Reserved).When(Agreeing(AProgram.Bo)).Then(Agreed)!;
        Assert.Equal(AProgram.Bo, award.AgreementSignedBy);
        var back = Given(WithAgreement, Reserved, Agreed).When(Agreeing(AProgram.Ada)).Then(
            Agreed with { From = AProgram.Bo, To = AProgram.Ada })!;
        Assert.NotEqual(
            Award.Evolve(null, WithAgreement)!.ChangeToSign(AProgram.Space, AProgram.Bo).Message()["change"],
            back.ChangeToSign(AProgram.Space, AProgram.Bo).Message()["change"]);
    }

    private static Func<Award?, Decision> Signing(Address signer) => state => Award.Decide(
        new SignAgreement(AnAward.Id, signer, Keccak256.Hash("digest"), "0x1b", false, AProgram.At), state);

    private static Func<Award?, Decision> Agreeing(Address to) => state => Award.Decide(
        new AgreeRecipientChange(AnAward.Id, to, Keccak256.Hash("digest"), "0x01", "0x02", Block(150), AProgram.At), state);

    private static Func<Award?, Decision> Following(Address to) => state => Award.Decide(
        new RecordRecipientChange(AnAward.Id, AProgram.Ada, to, Evidence("change")), state);

    private static Func<Award?, Decision> Releasing(int number, long after) =>
        state => Award.Decide(new OrderRelease(AnAward.Id, number, 1_003, Block(after)), state);
}

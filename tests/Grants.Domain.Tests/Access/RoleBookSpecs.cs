using Grants.Domain.Access;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Access;

public sealed class RoleBookSpecs
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Address Ada = AccountOf("ada");
    private static readonly RoleGiver Guardian = new(AccountOf("guardian"), IsGuardian: true, IsManager: false);
    private static readonly RoleGiver Manager = new(AccountOf("manager"), IsGuardian: false, IsManager: true);
    private static readonly RoleGiver Nobody = new(AccountOf("nobody"), IsGuardian: false, IsManager: false);

    [Fact]
    public void a_role_is_given_by_somebody_for_a_reason_and_once()
    {
        var book = Given().When(Granting(SpaceRole.ProgramManager, null, Guardian))
            .Then(new RoleGranted(SpaceRole.ProgramManager, Ada, null, Guardian.Account, "Because.", At))!;
        Assert.True(book.Holds(SpaceRole.ProgramManager, Ada, null));
        Assert.True(book.Holds(SpaceRole.ProgramManager, Ada, "any-program"));
        Assert.False(book.Holds(SpaceRole.Guardian, Ada, null));
    }

    [Fact]
    public void a_role_of_one_program_is_none_in_another_or_in_the_space()
    {
        var book = Given().When(Granting(SpaceRole.ProgramManager, "one", Manager))
            .Then(new RoleGranted(SpaceRole.ProgramManager, Ada, "one", Manager.Account, "Because.", At))!;
        Assert.True(book.Holds(SpaceRole.ProgramManager, Ada, "one"));
        Assert.False(book.Holds(SpaceRole.ProgramManager, Ada, "other"));
        Assert.False(book.Holds(SpaceRole.ProgramManager, Ada, null));
    }

    [Fact]
    public void what_is_taken_is_gone_and_what_is_left_stays()
    {
        var book = Given(Granted("one"), Granted("other")).When(Revoking(SpaceRole.ProgramManager, "one", Guardian))
            .Then(new RoleRevoked(SpaceRole.ProgramManager, Ada, "one", Guardian.Account, "Because.", At))!;
        Assert.False(book.Holds(SpaceRole.ProgramManager, Ada, "one"));
        Assert.True(book.Holds(SpaceRole.ProgramManager, Ada, "other"));
    }

    [Fact]
    public void what_nobody_holds_is_taken_by_nothing() => Given().When(Revoking(SpaceRole.Guardian, null, Guardian)).ThenNothing();

    [Fact]
    public void anybody_lays_down_a_role_of_their_own() => Given(Granted("one"))
        .When(Revoking(SpaceRole.ProgramManager, "one", Nobody with { Account = Ada }))
        .Then(new RoleRevoked(SpaceRole.ProgramManager, Ada, "one", Ada, "Because.", At));

    [Fact]
    public void nobody_gives_a_role_to_themselves() =>
        Given().When(Granting(SpaceRole.Guardian, null, Guardian with { Account = Ada })).ThenRejected("FORBIDDEN");

    [Theory]
    [InlineData(SpaceRole.ProgramManager, null)]
    [InlineData(SpaceRole.Guardian, null)]
    public void a_manager_gives_no_role_of_the_space(SpaceRole role, string? programId)
    {
        Given().When(Granting(role, programId, Manager)).ThenRejected("FORBIDDEN");
        Given().When(Revoking(role, programId, Manager)).ThenRejected("FORBIDDEN");
    }

    [Fact]
    public void who_holds_nothing_gives_and_takes_nothing()
    {
        Given().When(Granting(SpaceRole.ProgramManager, "one", Nobody)).ThenRejected("FORBIDDEN");
        Given(Granted("one")).When(Revoking(SpaceRole.ProgramManager, "one", Nobody)).ThenRejected("FORBIDDEN");
    }

    [Fact]
    public void a_guardian_of_one_program_there_is_none() =>
        Given().When(Granting(SpaceRole.Guardian, "one", Guardian)).ThenRejected("INVALID_VALUE");

    [Fact]
    public void a_role_needs_a_reason_and_somebody()
    {
        Given().When(book => RoleBook.Decide(new GrantRole(SpaceRole.Guardian, Ada, null, Guardian, " ", At), book))
            .ThenRejected("INVALID_VALUE");
        Given().When(book => RoleBook.Decide(new GrantRole(SpaceRole.Guardian, Address.Zero, null, Guardian, "x", At), book))
            .ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void there_is_a_most_of_roles() =>
        Given([.. Enumerable.Range(0, RoleBook.RolesMax).Select(i => (object)Granted($"program-{i}"))])
            .When(Granting(SpaceRole.ProgramManager, "one-more", Guardian)).ThenRejected("TOO_MANY_ROLES");

    private static Spec<RoleBook> Given(params object[] events) => new Spec<RoleBook>(RoleBook.Evolve).Given(events);

    private static RoleGranted Granted(string programId) =>
        new(SpaceRole.ProgramManager, Ada, programId, Guardian.Account, "Because.", At);

    private static Func<RoleBook?, Decision> Granting(SpaceRole role, string? programId, RoleGiver by) =>
        book => RoleBook.Decide(new GrantRole(role, Ada, programId, by, "Because.", At), book);

    private static Func<RoleBook?, Decision> Revoking(SpaceRole role, string? programId, RoleGiver by) =>
        book => RoleBook.Decide(new RevokeRole(role, Ada, programId, by, "Because.", At), book);

    private static Address AccountOf(string name) => new(Keccak256.Hash(name).ToBytes().AsSpan(12));
}

using Grants.Domain.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Programs;

/// <summary>The program that the specs are about, and the accounts around it.</summary>
internal static class AProgram
{
    public const string Id = "builders";

    public const string Space = "metis";

    public const long ChainId = 1_088;

    public static readonly Address Token = Named("token");

    public static readonly Address Vault = Named("vault");

    public static readonly Address Treasury = Named("treasury");

    public static readonly Address Manager = Named("manager");

    public static readonly Address Ada = Named("ada");

    public static readonly Address Bo = Named("bo");

    public static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly VotingRules Rules = VotingRules.ForAndAgainst(
        [new Quorum(QuorumKind.Power, 10_000, QuorumCounting.ForAndAbstain)],
        Threshold.Supermajority(new BasisPoints(8_000)),
        72 * 3_600,
        PowerStrategy.BalanceOf(Named("power token")));

    public static readonly VestingTemplate Vesting = new(100, 400, 4);

    public static readonly ReinvestmentPolicy Policy = ReinvestmentPolicy.OfTwoRules(
        "put it to work",
        1,
        new BasisPoints(3_000),
        new BasisPoints(5_000),
        86_400,
        604_800,
        [new PolicyVenue(Named("staking"), VenueKind.Lock, new BasisPoints(10_000), new BasisPoints(10_000), 0)],
        [new LabelledAddress(Named("bridge"), AddressKind.Bridge)]);

    public static readonly ProgramOpened Opened = new(
        Id, Space, "Builders of 2026", ChainId, Token, Vault, 1_000, Rules, Vesting, Policy, 7, Manager, At);

    /// <summary>An account of its own for every name.</summary>
    public static Address Named(string name) => new(Keccak256.Hash(name).ToBytes().AsSpan(Hash32.Length - Address.Length));
}

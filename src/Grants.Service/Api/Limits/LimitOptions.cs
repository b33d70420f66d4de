namespace Grants.Service.Api.Limits;

/// <summary>What one may ask of one node of the service. Section <c>Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>Cost units that a signed-in account may spend a minute.</summary>
    public int CostPerMinute { get; set; } = 10_000;

    /// <summary>
    /// Cost units a minute of one IPv4 address, or one IPv6 network of 64 bits, without a session. Behind a proxy that is the proxy's: set
    /// it higher there.
    /// </summary>
    public int AnonymousCostPerMinute { get; set; } = 2_000;

    /// <summary>Operations that are executed at the same time; 0 for twice the processors. Ballots have a bound of their own.</summary>
    public int Executions { get; set; }

    /// <summary>Operations that may wait for their turn; more are refused.</summary>
    public int Waiting { get; set; } = 256;

    /// <summary>Refusals a minute that one account, or one network without a session, hears of at once; further ones are held.</summary>
    public int RefusalsPerMinute { get; set; } = 120;

    /// <summary>How long a refusal is held, seconds.</summary>
    public double RefusalHoldSeconds { get; set; } = 1;

    /// <summary>Refusals that are held at the same time; whoever is refused beyond that is hung up on.</summary>
    public int HeldRefusals { get; set; } = 1_024;

    /// <summary>Whether only the documents of <c>schema/graphql/operations</c> are executed.</summary>
    public bool PersistedOnly { get; set; }

    /// <summary>How long a query or one item of a subscription may take, seconds.</summary>
    public double DeadlineSeconds { get; set; } = 2;

    /// <summary>How long a mutation may take, seconds: it may have to be decided again, or to ask a node.</summary>
    public double MutationDeadlineSeconds { get; set; } = 10;
}

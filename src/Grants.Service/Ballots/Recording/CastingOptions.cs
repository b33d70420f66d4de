namespace Grants.Service.Ballots.Recording;

/// <summary>Section <c>Ballots</c>.</summary>
public sealed class CastingOptions
{
    /// <summary>Ballots that may be on their way at once, from the door to the commit; beyond them the door is shut.</summary>
    public int WaitingMax { get; set; } = 8_192;

    /// <summary>Contracts that may be asked for a signature at once: each is a call to the node.</summary>
    public int ContractCallsMax { get; set; } = 32;

    /// <summary>How long a caller is kept waiting before it hears <c>UNKNOWN_OUTCOME</c>, seconds.</summary>
    public int AnswerSeconds { get; set; } = 8;

    /// <summary>How long a batch tries to reach the database, to be recorded or to hear what became of it, seconds.</summary>
    public int DatabasePatienceSeconds { get; set; } = 30;

    /// <summary>What is said to whoever should come again, seconds.</summary>
    public int RetryAfterSeconds { get; set; } = 2;
}

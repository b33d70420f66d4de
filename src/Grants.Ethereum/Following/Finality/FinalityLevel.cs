namespace Grants.Ethereum.Following.Finality;

/// <summary>How far a block has come. Money, votes and penalties act on the last level only; views may show the first.</summary>
public enum FinalityLevel
{
    /// <summary>The node has it; it may be replaced.</summary>
    Seen,

    /// <summary>It is derived from L1, or of an epoch that is over: it is unlikely to be replaced.</summary>
    Safe,

    /// <summary>L1 has its batch.</summary>
    L1Posted,

    /// <summary>L1 has its batch in a final block; on L1 itself, the block is final.</summary>
    L1Final,
}

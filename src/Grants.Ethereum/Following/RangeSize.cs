namespace Grants.Ethereum.Following;

/// <summary>
/// How many blocks to ask eth_getLogs for at once. Providers limit ranges by blocks, by results or by time, and say so in words of
/// their own; so the size is found by trying: it grows while answers come and is halved when one is refused. A refused
/// size stays out of reach for a while, but not for ever, because one bad minute says nothing about tomorrow.
/// </summary>
internal sealed class RangeSize
{
    private const int SuccessesBeforeRetry = 16;

    private readonly int largest;
    private int ceiling;
    private int successesAtCeiling;

    /// <summary>Begins with a size.</summary>
    /// <param name="first">Blocks to begin with.</param>
    /// <param name="largest">Blocks that are never exceeded.</param>
    public RangeSize(int first, int largest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, first);
        Blocks = first;
        this.largest = largest;
        ceiling = largest;
    }

    /// <summary>The present size.</summary>
    public int Blocks { get; private set; }

    /// <summary>An answer came.</summary>
    public void Grow()
    {
        if (Blocks < ceiling)
        {
            Blocks = Math.Min(ceiling, Blocks + Math.Max(1, Blocks / 2));
            return;
        }

        successesAtCeiling++;
        if (successesAtCeiling < SuccessesBeforeRetry)
            return;
        successesAtCeiling = 0;
        ceiling = (int)Math.Min(largest, ceiling * 2L);
    }

    /// <summary>An answer came with so many logs: the next range is as large as such a number of them would be the one wanted.</summary>
    /// <param name="logs">How many there were.</param>
    /// <param name="wanted">How many are wanted at once.</param>
    public void Aim(int logs, int wanted)
    {
        if (logs > wanted)
            Blocks = (int)Math.Max(1, (long)Blocks * wanted / logs);
        else if (logs < wanted / 2)
            Grow();
    }

    /// <summary>The range was refused. False where it cannot become smaller.</summary>
    /// <param name="granted">The number of blocks that would do, as the provider says; null where it does not.</param>
    public bool Shrink(int? granted = null)
    {
        if (Blocks == 1)
            return false;
        successesAtCeiling = 0;
        // A number that is no less than what was refused is no help.
        if (granted is > 0 and var blocks && blocks < Blocks)
        {
            (ceiling, Blocks) = (blocks, blocks);
            return true;
        }

        ceiling = Blocks - Math.Max(1, Blocks / 4);
        Blocks /= 2;
        return true;
    }
}

namespace Grants.Cli.Verify;

/// <summary>Something that does not hold.</summary>
/// <param name="Line">Of the export, from 1; zero where it is about none of them.</param>
/// <param name="Code">Stable, in capitals.</param>
/// <param name="Message">A sentence for a person.</param>
internal sealed record Finding(long Line, string Code, string Message);

/// <summary>What was found: counted to the last, told up to a limit.</summary>
internal sealed class Findings
{
    private const int Told = 100;

    private readonly List<Finding> told = [];

    public long Count { get; private set; }

    /// <summary>The first ones.</summary>
    public IReadOnlyList<Finding> First => told;

    public void Add(Finding finding)
    {
        Count++;
        if (told.Count < Told)
            told.Add(finding);
    }

    public void Add(long line, string code, string message) => Add(new Finding(line, code, message));

    /// <summary>Adds the finding unless the condition holds.</summary>
    public void Require(bool condition, long line, string code, string message)
    {
        if (!condition)
            Add(line, code, message);
    }
}

namespace Grants.Service.Hosting.Embedded;

/// <summary>What to run, where its data lives, and where the programs come from.</summary>
/// <param name="DataDirectory">Made when missing. One live service per directory.</param>
/// <param name="NodeModulesHome">The folder whose package.json names PostgreSQL and anvil; see <see cref="LocalFolder"/>.</param>
/// <param name="WithChain">Whether to run the local L2 too.</param>
/// <param name="Progress">Takes one line for each slow step.</param>
public sealed record EmbeddedOptions(
    string DataDirectory, string NodeModulesHome, bool WithChain = true, Action<string>? Progress = null)
{
    public long ChainId { get; init; } = 31337;

    /// <summary>A block every so many seconds. Null: a block for each transaction, at once.</summary>
    public int? BlockTimeSeconds { get; init; }

    internal void Report(string line) => Progress?.Invoke(line);
}

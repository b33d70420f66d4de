using Grants.Domain.Programs;
using Grants.Primitives;

namespace Grants.Service.Reports;

/// <summary>How DAOIP-5 names what is of a space: on-chain ids begin with a CAIP-10 account, here the vault's.</summary>
/// <param name="Origin">Where the service is reached.</param>
public sealed record DaoAddresses(Space Space, Uri Origin)
{
    public string PoolsUri => At("grant-pools.json");

    public string ApplicationsUri(FundingProgram program) => At($"programs/{program.Id}/applications.json");

    public string PoolId(FundingProgram program) => $"{VaultOf(program)}?contractId={Space.Id}/{program.Id}";

    public string ApplicationId(FundingProgram program, Hash32 proposalId) => $"{VaultOf(program)}?proposalId={proposalId}";

    public string ProjectId(FundingProgram program, Address applicant) =>
        $"{Account(program.Terms.ChainId, applicant)}?proposalId={Space.Id}";

    /// <summary>CAIP-10.</summary>
    public static string Account(long chainId, Address account) => $"eip155:{chainId}:{account}";

    /// <summary>CAIP-19 of an ERC-20 token.</summary>
    public static string Asset(long chainId, Address token) => $"eip155:{chainId}/erc20:{token}";

    private static string VaultOf(FundingProgram program) => Account(program.Terms.ChainId, program.Terms.Vault);

    private string At(string path) => new Uri(Origin, $"/spaces/{Space.Id}/{path}").ToString();
}

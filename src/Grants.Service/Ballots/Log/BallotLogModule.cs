namespace Grants.Service.Ballots.Log;

public static class BallotLogModule
{
    private const string DefaultFile = "log.key";

    public static void AddBallotLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<BallotLogOptions>(configuration.GetSection("BallotLog"));
        if (configuration["Treasury:KeyFile"] is { Length: > 0 } beside)
        {
            services.PostConfigure<BallotLogOptions>(options =>
                options.KeyFile ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(beside))!, DefaultFile));
        }

        services.AddSingleton<TreeHeadSigner>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<VoteCertificates>();
        services.AddSingleton<VoteExport>();
    }
}

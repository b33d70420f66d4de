using Grants.Domain.Access;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Access;

public static class AccessModule
{
    public static void Configure(StoreOptions options) => options.AddDecider<RoleBook>(
        RoleBook.Evolve, ("role_granted", typeof(RoleGranted)), ("role_revoked", typeof(RoleRevoked)));

    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<AccessOptions>(configuration.GetSection("Access"));
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<SessionWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionWatch>());
        services.AddSingleton<AccountSignatures>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<StepUp>();
    }
}

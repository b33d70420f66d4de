namespace Grants.Service;

/// <summary>The space of a service scope: the store's sessions and the message bus of the scope are of this space alone.</summary>
public sealed class ScopedSpace
{
    private string? id;

    /// <exception cref="InvalidOperationException">The scope was opened without one.</exception>
    public string Id
    {
        get => id ?? throw new InvalidOperationException($"Nobody said of which space this scope is: open it with {nameof(SpaceScopes)}.");
        internal set => id = value;
    }
}

public static class SpaceScopes
{
    /// <summary>A scope of a space: what it gives of the store is of the space.</summary>
    public static AsyncServiceScope CreateSpaceScope(this IServiceScopeFactory scopes, string space)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ScopedSpace>().Id = space;
        return scope;
    }

    public static void AddSpaces(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<SpaceSettings>(configuration);
        services.AddSingleton<Spaces>();
        services.AddScoped<ScopedSpace>();
    }
}

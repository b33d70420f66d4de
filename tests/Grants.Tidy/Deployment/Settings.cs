using System.Reflection;
using Grants.Service;
using Grants.Service.Access;
using Grants.Service.Ballots.Log;
using Grants.Service.Disbursements;
using Grants.Service.Ingestion;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Grants.Tidy.Deployment;

/// <summary>The settings that the service knows: the properties of its options, and the connection string.</summary>
public static class Settings
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Access"] = typeof(AccessOptions),
        ["BallotLog"] = typeof(BallotLogOptions),
        ["Treasury"] = typeof(TreasuryOptions),
    };

    /// <summary>These options are bound to the root of the configuration.</summary>
    private static readonly Dictionary<string, Type> Roots = new[] { typeof(SpaceSettings), typeof(IngestionOptions) }
        .SelectMany(options => options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    /// <summary>As the service reads them: two underscores separate the parts of a name.</summary>
    public static IConfiguration OfEnvironment(IReadOnlyDictionary<string, string> variables) => new ConfigurationBuilder()
        .AddInMemoryCollection(variables.ToDictionary(
            variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value))
        .Build();

    /// <summary>What no options know, and what they do not take, a sentence each.</summary>
    public static IReadOnlyList<string> Problems(IConfiguration configuration) =>
        [.. configuration.GetChildren().Select(Problem).OfType<string>()];

    private static string? Problem(IConfigurationSection section)
    {
        try
        {
            if (section.Key.Equals("ConnectionStrings", StringComparison.OrdinalIgnoreCase))
                return ConnectionStringProblem(section);
            if (!Sections.TryGetValue(section.Key, out var type) && !Roots.TryGetValue(section.Key, out type))
                return $"{section.Path} is no setting.";
            section.Get(type, binder => binder.ErrorOnUnknownConfiguration = true);
            return null;
        }
        catch (Exception unknown) when (unknown is InvalidOperationException or ArgumentException)
        {
            return $"{section.Path}: {unknown.Message}";
        }
    }

    private static string? ConnectionStringProblem(IConfigurationSection section)
    {
        var others = section.GetChildren().Where(child => child.Key != "Grants").Select(child => child.Path).ToList();
        _ = new NpgsqlConnectionStringBuilder(section["Grants"]);
        return others.Count == 0 ? null : $"{string.Join(", ", others)} is no setting.";
    }
}

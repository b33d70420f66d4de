using Microsoft.Extensions.Options;

namespace Grants.Service;

/// <summary>One DAO or ecosystem: a tenant of the store. Nothing crosses it.</summary>
/// <param name="Id">In addresses, in what is signed, and in every row.</param>
/// <param name="Name">For people.</param>
public sealed record Space(string Id, string Name);

/// <summary>The spaces of this deployment. They are settings, because each must hear every final block from the first on.</summary>
public sealed class Spaces
{
    /// <summary>
    /// The tenant of what belongs to no space but to the whole deployment: the nonces of its key, which pays for all spaces. No
    /// space can have this id.
    /// </summary>
    public const string Deployment = "*deployment*";

    private const int IdLengthMax = 48;

    private readonly Dictionary<string, Space> byId;

    /// <exception cref="InvalidOperationException">The settings are wrong; the message says how.</exception>
    public Spaces(IOptions<SpaceSettings> options)
    {
        var (id, names) = (options.Value.Space, options.Value.Spaces);
        All = names.Count == 0 ? [new Space(id, id)] : [.. names.Select(space => new Space(space.Key, space.Value))];
        if (All.FirstOrDefault(space => !IsId(space.Id)) is { } wrong)
            throw new InvalidOperationException($"A space's id is 1 to {IdLengthMax} of a to z, digits and hyphens, unlike {wrong.Id}.");
        byId = All.ToDictionary(space => space.Id, StringComparer.Ordinal);
        Default = Find(id) ?? throw new InvalidOperationException($"Space names the default space, but {id} is not among Spaces.");
    }

    public IReadOnlyList<Space> All { get; }

    /// <summary>The one that an address without a space means.</summary>
    public Space Default { get; }

    /// <summary>Null where this deployment has no such space.</summary>
    public Space? Find(string id) => byId.GetValueOrDefault(id);

    private static bool IsId(string text) =>
        text.Length is > 0 and <= IdLengthMax && text.All(unit => char.IsAsciiLetterLower(unit) || char.IsAsciiDigit(unit) || unit == '-');
}

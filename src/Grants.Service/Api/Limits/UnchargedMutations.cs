using System.Collections.Frozen;
using GraphQL.Types;

namespace Grants.Service.Api.Limits;

/// <summary>
/// The mutations that their features have marked: they are bounded where they are taken, and whoever delivers those of many must not be
/// held for one who asks much.
/// </summary>
public sealed class UnchargedMutations(ISchema schema)
{
    private const string Mark = "uncharged";

    public IReadOnlySet<string> Names { get; } = (schema.Mutation?.Fields ?? [])
        .Where(field => field.GetMetadata<bool>(Mark)).Select(field => field.Name).ToFrozenSet(StringComparer.Ordinal);

    public static void Add(FieldType mutation) => mutation.Metadata[Mark] = true;
}

namespace Grants.Primitives;

/// <summary>One block of one chain.</summary>
/// <param name="Number">The height.</param>
/// <param name="Hash">The header's hash.</param>
/// <param name="TimestampSeconds">The header's time, seconds since 1970-01-01T00:00Z.</param>
public readonly record struct BlockRef(long Number, Hash32 Hash, long TimestampSeconds);

namespace Grants.Domain;

/// <summary>
/// A refusal: a fact about the world that stands against a command, with its numbers. A value, never an exception.
/// </summary>
/// <param name="Code">Stable, public, in capitals: what a program matches on.</param>
/// <param name="Message">One sentence for a person.</param>
public abstract record Rejection(string Code, string Message);

/// <summary>A value of the command is malformed or out of its range.</summary>
/// <param name="Field">The field, as the API names it.</param>
/// <param name="Problem">What is wrong with it, as a sentence.</param>
public sealed record InvalidValue(string Field, string Problem) : Rejection("INVALID_VALUE", Problem);

/// <summary>What the command names does not exist, or is hidden from who asks.</summary>
public sealed record NotFound(string What) : Rejection("NOT_FOUND", $"There is no such {What}.");

/// <summary>The actor may not do this.</summary>
public sealed record Forbidden(string Reason) : Rejection("FORBIDDEN", Reason);

using Grants.Domain;

namespace Grants.Service.Api;

/// <summary>A refusal that may not be one in a while.</summary>
/// <param name="RetryAfterSeconds">When to send the very same request again.</param>
public abstract record RetryLater(string Code, string Message, int RetryAfterSeconds) : Rejection(Code, Message);

namespace Grants.Service.Webhooks;

/// <summary>How webhooks are sent. Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// For development alone: endpoints may be at http addresses and in private networks. Where others register webhooks, this would let
    /// them reach what stands beside the service.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How often is looked for what is due, seconds.</summary>
    public double IntervalSeconds { get; set; } = 1;

    /// <summary>How long an endpoint may take to answer, seconds.</summary>
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>After how many seconds each further attempt is made. When all are used up, the delivery has failed.</summary>
    public double[] RetrySeconds { get; set; } = [];

    // Those of Standard Webhooks. An array in the initializer would be added to by the settings instead of replaced.
    private static readonly double[] StandardRetries = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

    internal double[] Retries => RetrySeconds.Length > 0 ? RetrySeconds : StandardRetries;
}

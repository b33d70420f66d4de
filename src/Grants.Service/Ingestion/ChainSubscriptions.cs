using System.Runtime.CompilerServices;
using Grants.Service.Api;
using Grants.Service.Hosting.Changes;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Ingestion;

public static class ChainSubscriptions
{
    // While the past is read, heads come faster than anybody looks.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void Extend(ObjectGraphType subscription) => subscription.AddResumable<ChainGraphType>(
        "chainHead",
        "How far a chain is followed, now and again whenever that changes. Always the newest: whoever is slow is spared what lies between. "
            + "Its sequence is the head's height.",
        [new QueryArgument<LongGraphType> { Name = "chainId", Description = "The chain that this deployment pays on, where left out." }],
        static (context, after) => HeadsAsync(
            context.Service<ChainView>(),
            context.Service<ChangeFeed>(),
            context.GetArgument<long?>("chainId") ?? context.Service<ChainIdentity>().ChainId,
            after));

    /// <summary>What is followed of a chain.</summary>
    internal static string Topic(long chainId) => ChangeNotices.Topic(Spaces.Deployment, $"chain/{chainId}");

    private static async IAsyncEnumerable<Told> HeadsAsync(
        ChainView view, ChangeFeed changes, long chainId, long? after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var follower = changes.Follow(Topic(chainId));
        ChainHeads? last = null;
        while (true)
        {
            await follower.WaitAsync(cancellation);
            if (await follower.LookTogetherAsync(token => view.HeadsAsync(chainId, token), cancellation) is not { } heads)
                throw new ProtocolError("NOT_FOUND", "There is no such chain.");
            var isSeen = last is null ? heads.Head.Number == after : heads == last;
            last = heads;
            if (isSeen)
                continue;
            yield return new Told(heads.Head.Number, heads);
            await Task.Delay(Pause, cancellation);
        }
    }
}

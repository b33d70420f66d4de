using Grants.Domain;
using Grants.Domain.Ballots.Log;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Hosting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Ballots.Log;

/// <summary>Section <c>BallotLog</c>.</summary>
public sealed class BallotLogOptions
{
    /// <summary>
    /// A file that holds the key of the ballot log, readable by the service's user alone; made where it is missing. By default
    /// <c>log.key</c> beside the treasury's key file. Every node of one database needs the same key.
    /// </summary>
    public string? KeyFile { get; set; }
}

/// <summary>Signs what the service says of its logs. The key signs nothing else: it owns no money and no role.</summary>
public sealed class TreeHeadSigner(IOptions<BallotLogOptions> options, ChainIdentity chain)
{
    private readonly Lazy<PrivateKey> key = new(() => KeyFile.ReadOrCreate(
        options.Value.KeyFile ?? throw new InvalidOperationException("BallotLog:KeyFile is not set, nor is Treasury:KeyFile.")));

    /// <summary>By this address everybody knows the log.</summary>
    public Address Address => key.Value.Address;

    /// <param name="at">The signer's time; the head says it in whole seconds.</param>
    public SignedTreeHead Sign(string space, LogFrontier log, DateTimeOffset at)
    {
        var head = new TreeHead(space, log.Size, log.Root, at.ToUnixTimeSeconds());
        return new SignedTreeHead(head, Sign(head.ToTyped()));
    }

    /// <summary>Hexadecimal: r, s and the recovery value 27 or 28.</summary>
    public string Sign(TypedStruct data) => key.Value.Sign(BallotTypedData.Digest(data, chain.ChainId)).ToString();
}

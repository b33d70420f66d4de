using System.Globalization;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>
/// A transaction at random with the keys that sign it. What JavaScript keeps as a number is small enough to be exact there.
/// </summary>
internal sealed record TransactionDraw(string Type, string Key, Transaction Transaction, IReadOnlyList<string> AuthorityKeys)
{
    private const int ExactBits = 50;

    public SignedTransaction Signed { get; } = Transaction.Sign(PrivateKey.Parse(Key));

    public static TransactionDraw Case(Random random)
    {
        var (chainId, nonce, gas) = (1 + random.Long(ExactBits), random.Long(ExactBits), random.Long(63));
        Address? to = random.Chance(5) ? null : random.Account();
        var (value, data) = (random.Amount(), random.Bytes(random.Chance(3) ? 0 : random.Next(300)));
        var maxFee = random.Amount(128);
        var tip = UInt256.Min(maxFee, random.Amount(128));
        var accessList = AccessList(random);
        var key = Secret(random);
        switch (random.Next(4))
        {
            case 0:
                long? chain = random.Chance(4) ? null : chainId;
                return new("legacy", key, new LegacyTransaction(chain, nonce, maxFee, gas, to, value, data), []);
            case 1:
                return new(
                    "eip2930", key, new Eip2930Transaction(chainId, nonce, maxFee, gas, to, value, data) { AccessList = accessList }, []);
            case 2:
                return new(
                    "eip1559",
                    key,
                    new Eip1559Transaction(chainId, nonce, tip, maxFee, gas, to, value, data) { AccessList = accessList },
                    []);
            default:
                string[] authorities = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Secret(random))];
                var authorizations = authorities.Select(secret => Authorization(random, secret)).ToArray();
                var setCode = new Eip7702Transaction(
                    chainId, nonce, tip, maxFee, gas, to ?? Address.Zero, value, data, authorizations) { AccessList = accessList };
                return new("eip7702", key, setCode, authorities);
        }
    }

    private long? ChainId => Transaction switch
    {
        LegacyTransaction legacy => legacy.ChainId,
        Eip2930Transaction priced => priced.ChainId,
        Eip1559Transaction tipped => tipped.ChainId,
        _ => ((Eip7702Transaction)Transaction).ChainId,
    };

    /// <summary>The fields as the oracle takes and gives them.</summary>
    public object Fields(bool withAccessList)
    {
        var fields = new Dictionary<string, object?>
        {
            ["chainId"] = ChainId?.ToString(CultureInfo.InvariantCulture),
            ["nonce"] = Transaction.Nonce.ToString(CultureInfo.InvariantCulture),
            ["gasLimit"] = Transaction.GasLimit.ToString(CultureInfo.InvariantCulture),
            ["to"] = Transaction.To,
            ["value"] = Transaction.Value,
            ["data"] = Hex.Format(Transaction.Data),
            ["gasPrice"] = (Transaction as LegacyTransaction)?.GasPrice ?? (Transaction as Eip2930Transaction)?.GasPrice,
            ["maxFeePerGas"] = (Transaction as Eip1559Transaction)?.MaxFeePerGas ?? (Transaction as Eip7702Transaction)?.MaxFeePerGas,
            ["maxPriorityFeePerGas"] =
                (Transaction as Eip1559Transaction)?.MaxPriorityFeePerGas ?? (Transaction as Eip7702Transaction)?.MaxPriorityFeePerGas,
        };
        if (withAccessList)
            fields["accessList"] = Transaction switch
            {
                Eip2930Transaction priced => priced.AccessList,
                Eip1559Transaction tipped => tipped.AccessList,
                Eip7702Transaction setCode => setCode.AccessList,
                _ => null,
            };
        return fields;
    }

    public object Request() => new
    {
        ask = "signTransaction",
        Type,
        Key,
        transaction = Fields(withAccessList: true),
        authorizations = Transaction is not Eip7702Transaction setCode
            ? []
            : setCode.Authorizations.Zip(AuthorityKeys, (signed, key) => new
            {
                key,
                chainId = signed.Authorization.ChainId,
                address = signed.Authorization.Implementation,
                nonce = signed.Authorization.Nonce.ToString(CultureInfo.InvariantCulture),
            }).ToArray(),
        raw = Hex.Format(Signed.Raw),
    };

    private static string Secret(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        // Far below the order of the curve, and not zero.
        bytes[0] = (byte)(1 + (bytes[0] & 0x7f));
        return Hex.Format(bytes);
    }

    private static AccessListEntry[] AccessList(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(3)).Select(_ => new AccessListEntry(
            random.Account(), [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Hash32(random.Bytes(Hash32.Length)))])),
    ];

    private static SignedAuthorization Authorization(Random random, string secret) =>
        new Authorization(random.Amount(48), random.Account(), (ulong)random.Long(ExactBits)).Sign(PrivateKey.Parse(secret));
}

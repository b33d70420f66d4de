using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>An account of an access list, and the slots of its storage that the transaction will touch (EIP-2930).</summary>
/// <param name="Address">The account.</param>
/// <param name="StorageKeys">The slots.</param>
public sealed record AccessListEntry(Address Address, IReadOnlyList<Hash32> StorageKeys)
{
    internal static RlpWriter Write(IReadOnlyList<AccessListEntry> entries)
    {
        var list = new RlpWriter();
        foreach (var entry in entries)
        {
            var keys = new RlpWriter();
            foreach (var key in entry.StorageKeys)
                keys.Write(key);
            list.Write(new RlpWriter().Write(entry.Address).Write(keys));
        }

        return list;
    }

    internal static IReadOnlyList<AccessListEntry> Read(RlpReader list)
    {
        var entries = new List<AccessListEntry>();
        while (!list.AtEnd)
        {
            var fields = list.ReadList();
            var address = fields.ReadAddress();
            var keys = new List<Hash32>();
            for (var items = fields.ReadList(); !items.AtEnd;)
                keys.Add(items.ReadHash());
            fields.ExpectEnd();
            entries.Add(new AccessListEntry(address, keys));
        }

        return entries;
    }
}

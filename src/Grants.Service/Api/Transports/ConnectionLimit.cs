using System.Net;
using Grants.Service.Api.Limits;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Transports;

/// <summary>Counts the long connections, in all and by address.</summary>
public sealed class ConnectionLimit(IOptions<TransportOptions> options)
{
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private readonly Lock gate = new();
    private int all;

    /// <summary>A place for one more connection, or null where there is none. Dispose it when the connection ends.</summary>
    public IDisposable? TryEnter(IPAddress? from)
    {
        var address = ClientNetwork.Of(from);
        lock (gate)
        {
            var here = byAddress.GetValueOrDefault(address);
            if (all >= options.Value.Connections || here >= options.Value.ConnectionsPerAddress)
                return null;
            all++;
            byAddress[address] = here + 1;
        }

        return new Place(this, address);
    }

    private void Leave(IPAddress address)
    {
        lock (gate)
        {
            all--;
            if (--byAddress[address] == 0)
                byAddress.Remove(address);
        }
    }

    private sealed class Place(ConnectionLimit limit, IPAddress address) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                limit.Leave(address);
        }
    }
}

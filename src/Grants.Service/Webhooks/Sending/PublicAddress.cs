using System.Net;
using System.Net.Sockets;

namespace Grants.Service.Webhooks.Sending;

/// <summary>Whether an address is of the public internet (RFC 6890 and IANA's registries), and connections to such alone.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Within 2000::/3: Teredo and 6to4, which lead to IPv4 addresses, and documentation.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || Unicast.Contains(plain))
            && !NotPublic.Any(network => network.Contains(plain));
    }

    /// <summary>
    /// Connects to a host by name, and to the very address that was looked at: asked twice, its name may lead elsewhere.
    /// </summary>
    /// <exception cref="HttpRequestException">None of its addresses is public, or none answers.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host.Host, out var address)
            ? [address]
            : await Dns.GetHostAddressesAsync(host.Host, cancellation);
        var allowed = addresses.Where(one => allowPrivate || IsPublic(one)).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException($"{host.Host} has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception problem)
        {
            socket.Dispose();
            if (problem is SocketException refused)
                throw new HttpRequestException($"{host.Host} does not answer.", refused);
            throw;
        }
    }
}

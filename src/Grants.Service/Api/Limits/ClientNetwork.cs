using System.Net;
using System.Net.Sockets;

namespace Grants.Service.Api.Limits;

/// <summary>For whom strangers are taken: one IPv4 address, or one IPv6 network of 64 bits, which every customer has at least.</summary>
public static class ClientNetwork
{
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}

using System.Net;
using System.Net.Sockets;
using Grants.Service.Webhooks.Sending;
using Xunit;

namespace Grants.Service.Tests.Webhooks;

/// <summary>Nobody makes the service speak to what stands beside it.</summary>
public sealed class PublicAddressTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void an_address_of_the_internet_is_public(string address) => Assert.True(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    public void an_address_that_leads_elsewhere_is_not(string address) => Assert.False(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    public async Task nobody_who_listens_beside_the_service_hears_anything(string host)
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var port = ((IPEndPoint)canary.LocalEndpoint).Port;
        await Assert.ThrowsAsync<HttpRequestException>(
            async () => await PublicAddress.ConnectAsync(new DnsEndPoint(host, port), allowPrivate: false, Cancellation));
        Assert.False(canary.Pending());
        await using var allowed = await PublicAddress.ConnectAsync(new DnsEndPoint(host, port), allowPrivate: true, Cancellation);
        Assert.True(canary.Pending());
    }
}

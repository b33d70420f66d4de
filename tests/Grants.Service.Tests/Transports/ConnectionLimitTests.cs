using System.Net;
using Grants.Service.Api.Transports;
using Microsoft.Extensions.Options;
using Xunit;

namespace Grants.Service.Tests.Transports;

public sealed class ConnectionLimitTests
{
    private readonly ConnectionLimit limit = new(Options.Create(new TransportOptions { Connections = 4, ConnectionsPerAddress = 2 }));

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")]
    public void what_belongs_together_shares_its_places(string first, string second, string other)
    {
        using var one = limit.TryEnter(IPAddress.Parse(first));
        using var two = limit.TryEnter(IPAddress.Parse(second));
        Assert.Null(limit.TryEnter(IPAddress.Parse(first)));
        using var three = limit.TryEnter(IPAddress.Parse(other));
        Assert.NotNull(three);
    }

    [Fact]
    public void a_place_that_is_left_is_free_once()
    {
        var address = IPAddress.Loopback;
        var one = limit.TryEnter(address)!;
        using var two = limit.TryEnter(address);
        one.Dispose();
        one.Dispose();
        using var three = limit.TryEnter(address);
        Assert.NotNull(three);
        Assert.Null(limit.TryEnter(address));
    }

    [Fact]
    public void there_are_only_so_many_in_all()
    {
        var places = Enumerable.Range(1, 4).Select(i => limit.TryEnter(IPAddress.Parse($"10.0.0.{i}"))).ToList();
        Assert.All(places, Assert.NotNull);
        Assert.Null(limit.TryEnter(IPAddress.Parse("10.0.0.5")));
    }
}

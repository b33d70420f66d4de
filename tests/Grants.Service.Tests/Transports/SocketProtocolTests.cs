using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Grants.Service.Tests.Embedded;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>graphql-transport-ws to the letter: what breaks it is closed with the code of the protocol.</summary>
public sealed class SocketProtocolTests(BareApi api) : IClassFixture<BareApi>
{
    private const string Init = """{"type":"connection_init"}""";
    private const string Ask = """{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}""";

    [Theory]
    [InlineData(4400, "not JSON")]
    [InlineData(4400, "[]")]
    [InlineData(4400, "{}")]
    [InlineData(4400, "null")]
    [InlineData(4400, """{"type":"nonsense"}""")]
    [InlineData(4400, """{"type":7}""")]
    [InlineData(4400, """{"type":"connection_init","payload":"Bearer x"}""")]
    [InlineData(4400, """{"type":"connection_init","payload":{"authorization":7}}""")]
    [InlineData(4400, """{"type":"complete"}""")]
    [InlineData(4401, Ask)]
    [InlineData(4403, """{"type":"connection_init","payload":{"authorization":"Basic x"}}""")]
    [InlineData(4429, Init, Init)]
    [InlineData(4400, Init, """{"type":"subscribe","payload":{"query":"{ __typename }"}}""")]
    [InlineData(4400, Init, """{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe"}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{"query":7}}""")]
    [InlineData(4400, Init, """{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":7}}""")]
    [InlineData(4400, Init, Ask, """{"id":"1","type":"next"}""")]
    public async Task a_message_that_may_not_be_closes_the_socket(int code, params string[] messages)
    {
        using var socket = await RawSocket.ConnectAsync(api.Socket);
        foreach (var message in messages)
            await socket.SendAsync(message);
        Assert.Equal(code, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task a_message_that_is_not_text_closes_the_socket()
    {
        using var binary = await RawSocket.ConnectAsync(api.Socket);
        await binary.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary);
        Assert.Equal(4400, (await binary.ClosedAsync()).Code);
        using var large = await RawSocket.ConnectAsync(api.Socket);
        await large.SendAsync(new string(' ', 100_000));
        Assert.Equal(1009, (await large.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("graphql-ws")]
    public async Task another_sub_protocol_is_not_spoken(string? protocol)
    {
        using var socket = await RawSocket.ConnectAsync(api.Socket, protocol);
        Assert.Equal((4406, "Subprotocol not acceptable"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task who_connects_and_says_nothing_is_sent_away()
    {
        await using var other = BareApi.Build(transports => transports.InitSeconds = 1);
        using var socket = await RawSocket.ConnectAsync(await StartAsync(other));
        Assert.Equal((4408, "Connection initialisation timeout"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task an_id_that_is_done_with_is_free()
    {
        using var socket = await RawSocket.OpenAsync(api.Socket);
        for (var i = 0; i < 100; i++)
        {
            await socket.SendAsync(Ask);
            Assert.Equal("next", await TypeAsync(socket));
            Assert.Equal("complete", await TypeAsync(socket));
        }
    }

    [Fact]
    public async Task a_ping_is_answered_with_its_payload_even_before_the_connection_is_open()
    {
        using var socket = await RawSocket.ConnectAsync(api.Socket);
        await socket.SendAsync("""{"type":"ping","payload":{"n":7}}""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"type":"pong","payload":{"n":7}}"""), await socket.ReadAsync()));
        await socket.SendAsync("""{"type":"pong"}""");
        await socket.SendAsync(Init);
        Assert.Equal("connection_ack", await TypeAsync(socket));
    }

    [Theory]
    [InlineData("{ nonsense }")]
    [InlineData("{")]
    [InlineData("\r4")]
    [InlineData("query A { __typename } query B { __typename }")]
    [InlineData("{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a }")]
    [InlineData("subscription { a: __typename b: __typename }")]
    public async Task a_document_that_is_wrong_is_one_error_and_the_connection_goes_on(string query)
    {
        using var socket = await RawSocket.OpenAsync(api.Socket);
        var ask = new JsonObject { ["id"] = "1", ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = query } };
        await socket.SendAsync(ask.ToJsonString());
        var answer = (await socket.ReadAsync())!;
        Assert.Equal("error", answer["type"]!.GetValue<string>());
        Assert.All(answer["payload"]!.AsArray(), error => Assert.NotNull(error!["message"]));
        await socket.SendAsync(Ask);
        Assert.Equal("next", await TypeAsync(socket));
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://grants.example.org.evil.example", false)]
    [InlineData("https://grants.example.org", true)]
    [InlineData(BareApi.Friend, true)]
    public async Task only_pages_of_ours_and_of_friends_may_connect(string origin, bool mayConnect)
    {
        var problem = await Record.ExceptionAsync(async () =>
        {
            using var socket = await RawSocket.ConnectAsync(api.Socket, origin: origin);
            await socket.SendAsync(Init);
            Assert.Equal("connection_ack", await TypeAsync(socket));
        });
        if (mayConnect)
            Assert.Null(problem);
        else
            Assert.Contains("403", Assert.IsType<WebSocketException>(problem).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_service_that_stops_says_goodbye_and_does_not_wait()
    {
        await using var other = BareApi.Build(_ => { });
        using var socket = await RawSocket.OpenAsync(await StartAsync(other));
        var stopping = other.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1001, "Going away"), await socket.ClosedAsync());
        await stopping;
    }

    [Fact]
    public async Task who_does_not_read_is_dropped()
    {
        await using var other = BareApi.Build(transports => transports.SendSeconds = 1);
        using var socket = await RawSocket.OpenAsync(await StartAsync(other));
        const string schema = "{ __schema { types { name description fields { name description args { name description } } } } }";
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            for (var i = 0; ; i++)
                await socket.SendAsync($$$"""{"id":"{{{i}}}","type":"subscribe","payload":{"query":"{{{schema}}}"}}""");
        });
    }

    [Fact]
    public async Task an_address_has_only_so_many_connections()
    {
        await using var other = BareApi.Build(transports => transports.ConnectionsPerAddress = 3);
        var url = await StartAsync(other);
        var sockets = new List<RawSocket>();
        for (var i = 0; i < 3; i++)
            sockets.Add(await RawSocket.OpenAsync(url));
        Assert.Contains(
            "429", (await Assert.ThrowsAsync<WebSocketException>(() => RawSocket.OpenAsync(url))).Message, StringComparison.Ordinal);
        sockets[0].Dispose();
        await Embedded.Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(async () => sockets.Add(await RawSocket.OpenAsync(url))) is null,
            TimeSpan.FromMinutes(1),
            "the place is free again");
        sockets.ForEach(socket => socket.Dispose());
    }

    private static async Task<Uri> StartAsync(WebApplication app) =>
        new UriBuilder(await app.ServeAsync()) { Scheme = "ws", Path = "graphql" }.Uri;

    private static async Task<string> TypeAsync(RawSocket socket) => (await socket.ReadAsync())!["type"]!.GetValue<string>();
}

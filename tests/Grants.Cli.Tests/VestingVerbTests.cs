using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Grants.Cli.Tests;

public sealed class VestingVerbTests : IDisposable
{
    private const string Quarter = """{"amount":"1000","start":0,"cliff":100,"duration":400}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("grants-cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("sablier_v4", "FROM_CLIFF")]
    [InlineData("oz_cliff", "RETRO")]
    public void what_other_contracts_vested_on_a_chain_is_printed(string peer, string mode)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "vesting.json")));
        var compared = 0;
        foreach (var terms in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var vectors = json.RootElement.GetProperty("vectors").EnumerateArray().Where(
                vector => vector.GetProperty("case").GetString() == terms.GetProperty("n").GetString()).ToList();
            var schedule = new Dictionary<string, object>
            {
                ["amount"] = terms.GetProperty("amt"),
                ["start"] = 0,
                ["cliff"] = terms.GetProperty("cliff"),
                ["duration"] = terms.GetProperty("dur"),
                ["startUnlock"] = terms.GetProperty("us"),
                ["cliffUnlock"] = terms.GetProperty("uc"),
                ["granularity"] = terms.GetProperty("g"),
                ["mode"] = mode,
            };
            var printed = Vest(JsonSerializer.Serialize(schedule), [.. vectors.Select(vector => vector.GetProperty("dt").GetInt64())]);
            Assert.Equal(JsonSerializer.Serialize(vectors.Select(vector => vector.GetProperty(peer).GetString())), printed.Line());
            compared += vectors.Count;
        }

        Assert.Equal(json.RootElement.GetProperty("vectors").GetArrayLength(), compared);
        Assert.True(compared > 80);
    }

    [Fact]
    public void unlocks_steps_and_a_later_start_are_read()
    {
        const string Json =
            """
            {"amount":"1000","start":5000,"cliff":100,"duration":400,"startUnlock":"100","cliffUnlock":"50","granularity":70,"mode":"RETRO"}
            """;
        Assert.Equal("""["0","100","298","745","1000"]""", Vest(Json, 4999, 5000, 5100, 5309, 5400).Line());
    }

    [Fact]
    public void answers_come_in_the_order_of_the_questions() =>
        Assert.Equal("""["1000","0","333","0","1000"]""", Vest(Quarter, 400, -1, 200, 100, long.MaxValue).Line());

    [Fact]
    public void tranches_vest_each_in_its_second() => Assert.Equal(
        """["0","1","1","6","115792089237316195423570985008687907853269984665640564039457584007913129639935"]""",
        Vest(
            """
            {"tranches":[{"at":10,"amount":"1"},{"at":20,"amount":"2"},{"at":20,"amount":3},
            {"at":30,"amount":"115792089237316195423570985008687907853269984665640564039457584007913129639929"}]}
            """,
            9,
            10,
            19,
            20,
            30).Line());

    [Theory]
    [InlineData("""{"amount":1000,"duration":400,"cliff":"100"}""")]
    [InlineData("""{"amount":"1000","duration":"400","cliff":100,"start":null,"mode":null,"granularity":"1","startUnlock":0}""")]
    [InlineData("""{ "mode": "FROM_CLIFF", "duration": 400, "cliff": 100, "amount": 1000, "cliffUnlock": "0" }""")]
    [InlineData("""{"tranches":[{"at":300,"amount":666},{"at":"400","amount":"334"}]}""", "0", "666")]
    [InlineData("""{"amount":1000,"tranches":[{"at":100,"amount":0},{"at":300,"amount":666},{"at":400,"amount":334}]}""", "0", "666")]
    public void what_is_harmless_is_understood(string json, string early = "333", string late = "666") =>
        Assert.Equal($"""["{early}","{late}","1000"]""", Vest(json, 200, 300, 400).Line());

    [Fact]
    public void digits_of_a_large_number_are_not_lost() => Assert.Equal(
        """["1000000000000000000001"]""", Vest("""{"amount":1000000000000000000001,"duration":1}""", 1).Line());

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "object")]
    [InlineData("[]", "object")]
    [InlineData("{}", "amount is missing")]
    [InlineData("""{"amount":"1"}""", "duration is missing")]
    [InlineData("""{"amount":null,"duration":1}""", "amount is missing")]
    [InlineData("""{"amount":"-1","duration":1}""", "amount")]
    [InlineData("""{"amount":-1,"duration":1}""", "amount")]
    [InlineData("""{"amount":1.0,"duration":1}""", "amount")]
    [InlineData("""{"amount":1e3,"duration":1}""", "amount")]
    [InlineData("""{"amount":"0x10","duration":1}""", "amount")]
    [InlineData("""{"amount":" 1","duration":1}""", "amount")]
    [InlineData("""{"amount":"1.5","duration":1}""", "amount")]
    [InlineData("""{"amount":true,"duration":1}""", "amount")]
    [InlineData("""{"amount":{},"duration":1}""", "amount")]
    [InlineData("""{"amount":"115792089237316195423570985008687907853269984665640564039457584007913129639936","duration":1}""", "amount")]
    [InlineData("""{"amount":"1","duration":0}""", "duration")]
    [InlineData("""{"amount":"1","duration":-1}""", "duration")]
    [InlineData("""{"amount":"1","duration":1.5}""", "duration")]
    [InlineData("""{"amount":"1","duration":99999999999999999999}""", "duration")]
    [InlineData("""{"amount":"1","duration":1,"start":-1}""", "start")]
    [InlineData("""{"amount":"1","duration":1,"start":1700000000000}""", "start")]
    [InlineData("""{"amount":"1","duration":10,"cliff":11,"mode":"RETRO"}""", "cliff")]
    [InlineData("""{"amount":"1","duration":10,"cliff":10}""", "cliff")]
    [InlineData("""{"amount":"1","duration":10,"cliffUnlock":"1"}""", "cliff")]
    [InlineData("""{"amount":"10","duration":10,"startUnlock":"11"}""", "unlocks")]
    [InlineData("""{"amount":"10","duration":10,"cliff":5,"startUnlock":"5","cliffUnlock":"6"}""", "unlocks")]
    [InlineData("""{"amount":"1","duration":10,"granularity":0}""", "granularity")]
    [InlineData("""{"amount":"1","duration":10,"granularity":11}""", "granularity")]
    [InlineData("""{"amount":"1","duration":10,"cliff":5,"granularity":6}""", "granularity")]
    [InlineData("""{"amount":"1","duration":10,"mode":"retro"}""", "mode")]
    [InlineData("""{"amount":"1","duration":10,"mode":1}""", "mode")]
    [InlineData("""{"amount":"1","duration":10,"Cliff":5}""", "Cliff")]
    [InlineData("""{"amount":"1","duration":10,"\u001b[31m\n":5}""", "[31m")]
    [InlineData("""{"amount":"1","amount":"1","duration":10}""", "amount")]
    [InlineData("""{"amount":"1","duration":10,}""", "JSON")]
    [InlineData("""{"amount":"1","duration":10} {}""", "JSON")]
    [InlineData("""{"tranches":null}""", "array")]
    [InlineData("""{"tranches":{}}""", "array")]
    [InlineData("""{"tranches":[]}""", "tranche")]
    [InlineData("""{"tranches":[5]}""", "object")]
    [InlineData("""{"tranches":[{"at":1}]}""", "amount is missing")]
    [InlineData("""{"tranches":[{"amount":1}]}""", "at is missing")]
    [InlineData("""{"tranches":[{"at":1,"amount":"1","milestone":1}]}""", "milestone")]
    [InlineData("""{"tranches":[{"at":1,"amount":"1","at":1}]}""", "at")]
    [InlineData("""{"tranches":[{"at":-1,"amount":"1"}]}""", "at")]
    [InlineData("""{"tranches":[{"at":2,"amount":"1"},{"at":1,"amount":"1"}]}""", "order of time")]
    [InlineData("""{"tranches":[{"at":1,"amount":"1"}],"amount":"2"}""", "sum to 1")]
    [InlineData("""{"tranches":[{"at":1,"amount":"1"}],"duration":2}""", "duration")]
    [InlineData(
        """
        {"tranches":[{"at":1,"amount":"115792089237316195423570985008687907853269984665640564039457584007913129639935"},
        {"at":1,"amount":1}]}
        """,
        "sum")]
    public void what_is_no_schedule_is_refused_in_one_line(string json, string told) =>
        Assert.Contains(told, Vest(json, 1).Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData(" 1")]
    [InlineData("9223372036854775808")]
    public void an_instant_that_is_no_whole_number_of_seconds_is_refused(string at) =>
        Assert.Contains("whole seconds", Tool.Run("vesting", Write(Quarter), "--at", "1", "--at", at).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void a_call_without_an_instant_or_a_file_is_refused()
    {
        var file = Write(Quarter);
        Tool.Run("vesting", file).Refusal();
        Tool.Run("vesting", file, "--at").Refusal();
        Tool.Run("vesting", file, "--at", "1", "2").Refusal();
        Tool.Run("vesting", "--at", "1").Refusal();
        Tool.Run("vesting", Path.Combine(folder.FullName, "none.json"), "--at", "1").Refusal();
    }

    [Fact]
    public void instants_may_stand_before_the_file_and_be_joined_to_their_name() =>
        Assert.Equal("""["0","1000"]""", Tool.Run("vesting", "--at", "-1", Write(Quarter), "--at=400").Line());

    [Fact]
    public async Task a_process_prints_what_the_library_does()
    {
        string[] call = ["vesting", Write(Quarter), "--at", "-1", "--at", "250"];
        var process = await Tool.RunProcessAsync(call);
        Assert.Equal("""["0","500"]""", process.Line());
        Assert.Equal(Tool.Run(call), process);
    }

    private Tool Vest(string json, params long[] instants) => Tool.Run(
        ["vesting", Write(json), .. instants.SelectMany(at => new[] { "--at", at.ToString(CultureInfo.InvariantCulture) })]);

    private string Write(string json)
    {
        var path = Path.Combine(folder.FullName, "vesting.json");
        File.WriteAllText(path, json);
        return path;
    }
}

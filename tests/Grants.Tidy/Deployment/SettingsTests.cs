using Microsoft.Extensions.Configuration;
using Xunit;

namespace Grants.Tidy.Deployment;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Space", "metis")]
    [InlineData("SPACE", "metis")]
    [InlineData("ConnectionStrings__Grants", "Host=db")]
    [InlineData("Chains__0__Rpc", "http://node")]
    [InlineData("Chains__1__PollMilliseconds", "100")]
    [InlineData("Access__ProgramManagers__0", "somebody")]
    [InlineData("BallotLog__KeyFile", "/keys/log.key")]
    [InlineData("Treasury__DeadlineSeconds", "60")]
    public void a_setting_is_known(string variable, string value) => Assert.Empty(ProblemsOf(variable, value));

    [Theory]
    [InlineData("Spaces", "metis")]
    [InlineData("ConnectionString__Grants", "Host=db")]
    [InlineData("ConnectionStrings__Grant", "Host=db")]
    [InlineData("ConnectionStrings__Grants", "Hots=db")]
    [InlineData("Chains__0__Url", "http://node")]
    [InlineData("Chains__0__ChainId", "mainnet")]
    [InlineData("Chains__0__Rpc__0", "http://node")]
    [InlineData("Access__Manager", "somebody")]
    [InlineData("Treasury__Key", "0x01")]
    [InlineData("Treasury__DeadlineSeconds", "a day")]
    public void what_no_options_know_or_take_is_found(string variable, string value) => Assert.Single(ProblemsOf(variable, value));

    [Fact]
    public void the_settings_that_come_with_the_service_exist()
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Checkout.Read("src/Grants.Service/appsettings.json")));
        var settings = new ConfigurationBuilder().AddJsonStream(file).Build().AsEnumerable()
            .Where(setting => setting.Value is not null && !setting.Key.StartsWith("Logging:", StringComparison.Ordinal));
        Assert.Empty(Settings.Problems(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
    }

    private static IReadOnlyList<string> ProblemsOf(string variable, string value) =>
        Settings.Problems(Settings.OfEnvironment(new Dictionary<string, string> { [variable] = value }));
}

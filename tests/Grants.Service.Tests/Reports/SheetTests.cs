using System.ServiceModel.Syndication;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using Grants.Service.Reports;
using Parquet;
using Xunit;

namespace Grants.Service.Tests.Reports;

/// <summary>The same tables in every form, and the feed.</summary>
public sealed class SheetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("하나, \"둘\"\nand a line")]
    [InlineData("=1+1")]
    public async Task lines_of_json_have_what_the_table_has(string title)
    {
        var sheet = ProgramSheets.Proposals(ReportTests.Records(title));
        using var text = new MemoryStream();
        await sheet.WriteNdjsonAsync(text, Cancellation);
        var lines = Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            sheet.Rows.Select(row => string.Join('|', row)),
            lines.Select(line => string.Join('|', JsonNode.Parse(line)!.AsObject().Select(member => member.Value!.GetValue<string>()))));
        Assert.Equal(sheet.Head, JsonNode.Parse(lines[0])!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task a_parquet_file_has_what_the_table_has()
    {
        foreach (var sheet in new[] { ProgramSheets.Proposals(ReportTests.Records("하나")), ProgramSheets.Awards(ReportTests.Records()) })
        {
            using var file = new MemoryStream();
            await sheet.WriteParquetAsync(file, Cancellation);
            file.Position = 0;
            await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Cancellation);
            Assert.Equal(sheet.Head, reader.Schema.DataFields.Select(field => field.Name));
            var group = Assert.Single(reader.RowGroups);
            foreach (var (index, field) in reader.Schema.DataFields.Index())
            {
                var column = new string[group.RowCount];
                await group.ReadAsync(field, column, null, Cancellation);
                Assert.Equal(sheet.Rows.Select(row => row[index]), column);
            }
        }
    }

    [Fact]
    public async Task a_table_of_nothing_is_a_file_all_the_same()
    {
        using var file = new MemoryStream();
        await new Sheet(["a", "b"], []).WriteParquetAsync(file, Cancellation);
        file.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Cancellation);
        Assert.Equal(["a", "b"], reader.Schema.DataFields.Select(field => field.Name));
    }

    [Theory]
    [InlineData("A <b>thing</b> & \"more\"")]
    [InlineData("half of \ud83d, \0 and \u0001")]
    public async Task the_feed_has_what_is_new_with_ids_that_stay(string title)
    {
        var (first, again) = (await FeedAsync(title), await FeedAsync(title));
        Assert.NotEmpty(first.Items);
        Assert.Equal(first.Items.Select(item => item.Id), again.Items.Select(item => item.Id));
        Assert.Equal(first.Items.Count(), first.Items.Select(item => item.Id).Distinct().Count());
        Assert.Equal(first.Items.Select(item => item.LastUpdatedTime).OrderDescending(), first.Items.Select(item => item.LastUpdatedTime));
        if (title.Contains('<', StringComparison.Ordinal))
            Assert.Contains(first.Items, item => item.Title.Text.Contains(title, StringComparison.Ordinal));
    }

    private static async Task<SyndicationFeed> FeedAsync(string title)
    {
        using var text = new MemoryStream();
        await ProgramFeed.WriteAsync(ReportTests.Records(title), ReportTests.Addresses, text, Cancellation);
        text.Position = 0;
        using var xml = XmlReader.Create(text);
        return SyndicationFeed.Load(xml);
    }
}

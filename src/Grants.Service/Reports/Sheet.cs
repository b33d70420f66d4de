using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Parquet;
using Parquet.Schema;

namespace Grants.Service.Reports;

/// <summary>
/// A table of texts: amounts are base units in digits, instants ISO 8601 in UTC, and what is not there is empty. The same in each form.
/// </summary>
public sealed record Sheet(IReadOnlyList<string> Head, IReadOnlyList<string[]> Rows)
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        InjectionOptions = InjectionOptions.Escape,
    };

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>CSV (RFC 4180, UTF-8). A text that a spreadsheet would take for a formula is escaped with an apostrophe.</summary>
    public async Task WriteCsvAsync(Stream body, CancellationToken cancellation)
    {
        await using var text = new StreamWriter(body, leaveOpen: true);
        await using var csv = new CsvWriter(text, Format, leaveOpen: true);
        foreach (var line in Rows.Prepend(Head))
        {
            foreach (var cell in line)
                csv.WriteField(cell);
            await csv.NextRecordAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>An object of texts a line, in JSON.</summary>
    public async Task WriteNdjsonAsync(Stream body, CancellationToken cancellation)
    {
        foreach (var row in Rows)
        {
            using var line = new MemoryStream();
            await using (var json = new Utf8JsonWriter(line, Json))
            {
                json.WriteStartObject();
                foreach (var (name, cell) in Head.Zip(row))
                    json.WriteString(name, cell);
                json.WriteEndObject();
            }

            line.WriteByte((byte)'\n');
            await body.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellation);
        }
    }

    /// <summary>Parquet with a column of UTF-8 a name: no type of its numbers holds 256 bits.</summary>
    public async Task WriteParquetAsync(Stream body, CancellationToken cancellation)
    {
        var fields = Head.Select(name => new DataField<string>(name, nullable: false)).ToArray();
        // The end of the file says where all of it is, so that the writer must know its place in the stream.
        using var file = new MemoryStream();
        await using (var parquet = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, cancellationToken: cancellation))
        {
            using var group = parquet.CreateRowGroup();
            foreach (var (index, field) in fields.Index())
                await group.WriteAsync(field, Rows.Select(row => row[index]).ToArray(), null);
        }

        await body.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellation);
    }
}

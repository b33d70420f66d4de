using System.Globalization;
using Grants.Fuzz;
using SharpFuzz;

// With a number of seconds, and a seed where a run is to be repeated: documents made of pieces of the corpus, without any tool. Else
// afl-fuzz gives the documents: see the tests' README.
if (args is [var seconds, ..])
    return Pieces.Run(
        Path.Combine(AppContext.BaseDirectory, "corpus"),
        TimeSpan.FromSeconds(int.Parse(seconds, NumberStyles.None, CultureInfo.InvariantCulture)),
        args.Length > 1 ? int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture) : Environment.TickCount);
Fuzzer.OutOfProcess.Run(stream =>
{
    using var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    GuardTarget.Run(bytes.ToArray());
});
return 0;

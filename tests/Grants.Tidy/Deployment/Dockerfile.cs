namespace Grants.Tidy.Deployment;

/// <summary>A Dockerfile: instructions with their arguments, comments left out and continued lines joined.</summary>
public sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string[] Arguments)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string[] Arguments)> Instructions { get; }

    public static Dockerfile Parse(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return new Dockerfile(
        [
            .. joined.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(words => (words[0], words[1..])),
        ]);
    }

    /// <summary>What is wrong with it, a sentence each.</summary>
    /// <param name="context">The folder that it is built from.</param>
    public IReadOnlyList<string> Problems(string context)
    {
        var problems = new List<string>();
        var stages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, arguments) in Instructions)
        {
            if (name == "FROM")
            {
                if (!stages.Contains(arguments[0]) && !PinnedImage.IsPinned(arguments[0]))
                    problems.Add($"The image {arguments[0]} has no fixed tag.");
                if (arguments is [_, "AS", var stage])
                    stages.Add(stage);
            }
            else if (name is "COPY" or "ADD")
            {
                problems.AddRange(CopyProblems(arguments, stages, context));
            }
        }

        var lastStage = Instructions.Reverse().TakeWhile(instruction => instruction.Name != "FROM");
        if (lastStage.FirstOrDefault(instruction => instruction.Name == "USER").Arguments is null or ["root" or "0"])
            problems.Add("The program runs as root.");
        return problems;
    }

    private static IEnumerable<string> CopyProblems(string[] arguments, HashSet<string> stages, string context)
    {
        var origin = arguments.FirstOrDefault(argument => argument.StartsWith("--from=", StringComparison.Ordinal))?["--from=".Length..];
        if (origin is not null)
            return stages.Contains(origin) ? [] : [$"There is no stage {origin} to copy from."];
        return arguments.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).SkipLast(1)
            .Where(source => !Path.Exists(Path.Combine(context, source)))
            .Select(source => $"{source} is copied and does not exist.");
    }
}

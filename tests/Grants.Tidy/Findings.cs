using Xunit;

namespace Grants.Tidy;

/// <summary>What rules found. Each finding is a sentence that says where and what to do.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        if (all.Count > 0)
            Assert.Fail($"{all.Count} against the rules of the house:\n{string.Join('\n', all.Select(finding => $"- {finding}"))}");
    }
}

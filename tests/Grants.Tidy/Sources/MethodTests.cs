using Xunit;

namespace Grants.Tidy.Sources;

public sealed class MethodTests
{
    [Theory]
    [InlineData("void A() { }", "A:1+1")]
    [InlineData("public (int, int) A(int b) => (b, b);\nX(int a)\n    : base(a)\n{\n}", "A:1+1 X:2+4")]
    [InlineData("public static async Task<int> A<T>(T t = default)\n    where T : class\n{\n    if (t is { }) { }\n}", "A:1+5")]
    [InlineData("int A => 1;", "A:1+1")]
    [InlineData("int A(int b) =>\n    b switch\n    {\n        1 => 2,\n        _ => new[] { 3 }.Length,\n    };", "A:1+6")]
    [InlineData("public int A { get; init; } = new List<int> { 1 }.Count;\nvoid B() { }", "A:1+1 B:2+1")]
    [InlineData("int A\n{\n    get => 1;\n}", "A:1+4")]
    [InlineData("static readonly Dictionary<int, int> A = new()\n{\n    [1] = 2,\n};\nvoid B() { }", "B:5+1")]
    [InlineData("static readonly Func<int, int> A = x =>\n{\n    return x;\n};", "")]
    [InlineData("static bool operator ==(X a, X b) => a.E(b);\nstatic X operator +(X a, X b)\n{\n}", "operator ==:1+1 operator +:2+3")]
    [InlineData("[Fact]\n[InlineData(\"}\")]\npublic void A()\n{\n}", "A:3+3")]
    [InlineData("void A()\n{\n    F(\"{\", '{', @\"\"\"{\", \"\"); // }\n    /* } */\n}\nvoid B() { }", "A:1+5 B:6+1")]
    [InlineData("void A()\n{\n    F($\"{{{F(\"}\")}\", @$\"{1}\"\"{{\");\n}\nvoid B() { }", "A:1+4 B:5+1")]
    [InlineData("string A() => $\"\"\"\n    { {x} \"\n    \"\"\";\nvoid B() { }", "A:1+3 B:4+1")]
    [InlineData("abstract void A();\nevent Action B;\nint c;\nconst string D = \"x\";", "")]
    public void members_are_found_with_their_lines(string members, string expected)
    {
        var head = "namespace N;\n\n/// <summary>A { brace.</summary>\ninternal sealed class X(Func<int> f) : Y(() => 1)\n{";
        var source = $"{head}\n{members}\n}}\n";
        var found = Method.In(source).Select(method => $"{method.Name}:{method.FirstLine - 5}+{method.Lines}");
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("public sealed record R(int A, int B);\ninternal record struct S(int A)\n{\n    public int C => A;\n}", "C:4+1")]
    [InlineData("class A\n{\n    class B\n    {\n        void C()\n        {\n        }\n    }\n\n    void D() { }\n}", "C:5+3 D:10+1")]
    [InlineData("enum E { A, B = 2 }\ninterface I { int A { get; } void B(); }", "A:2+1")]
    [InlineData("using System;\n#if X }\nvar a = 1;\nif (a == 1)\n{\n}\nstatic int F() => 1;", "if:4+3 F:7+1")]
    public void types_are_no_members(string source, string expected) => Assert.Equal(
        expected, string.Join(' ', Method.In(source).Select(method => $"{method.Name}:{method.FirstLine}+{method.Lines}")));

    [Fact]
    public void the_braces_of_every_source_here_are_in_balance()
    {
        foreach (var file in Repository.Sources)
        {
            var blank = CSharpText.Blank(Repository.Text(file)!);
            Assert.True(blank.Count(c => c == '{') == blank.Count(c => c == '}'), $"The scan loses its way in {file}.");
        }
    }
}

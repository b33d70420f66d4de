using System.Text;
using System.Text.RegularExpressions;

namespace Grants.Tidy.Sources;

/// <summary>A member with code: a method, constructor, operator or property. Lines count from its first word to its end.</summary>
internal sealed partial record Method(string Name, int FirstLine, int Lines)
{
    /// <summary>The members of C# source, by its braces.</summary>
    public static IReadOnlyList<Method> In(string source) => new Scanner(CSharpText.Blank(source)).Scan();

    [GeneratedRegex(@"^\s*((public|internal|private|protected|sealed|static|abstract|partial|readonly|ref|file|unsafe|new)\s+)*"
        + @"(class|struct|interface|enum|namespace|record|extension)\b")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"(operator\s*[^\s(]+|[\w.]+)$")]
    private static partial Regex LastName();

    private sealed class Scanner(string text)
    {
        private readonly List<Method> found = [];
        private readonly StringBuilder header = new();
        private int line = 1;
        private int headerLine;
        private int depthOfBody;
        private int depthOfParentheses;
        private bool inExpression;
        private bool inMember;

        public List<Method> Scan()
        {
            foreach (var c in text)
            {
                if (c == '\n')
                    line++;
                if (depthOfBody > 0)
                    Body(c);
                else
                    Declaration(c);
            }

            return found;
        }

        private void Body(char c)
        {
            depthOfBody += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depthOfBody > 0)
                return;
            if (inMember)
                End(isMember: true);
            inMember = false;
        }

        private void Declaration(char c)
        {
            depthOfParentheses += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c == '{')
                Open();
            else if (c == '}')
                header.Clear();
            else if (c == ';' && depthOfParentheses == 0)
                End(isMember: inExpression);
            else if (header.Length > 0 || !char.IsWhiteSpace(c))
                Append(c);
        }

        // A brace opens a type, the body of a member, or belongs to an expression such as an initializer.
        private void Open()
        {
            var text = header.ToString();
            if (depthOfParentheses == 0 && TypeHeader().IsMatch(text))
            {
                header.Clear();
                return;
            }

            depthOfBody = 1;
            inMember = depthOfParentheses == 0 && !IsExpression(text);
        }

        private void Append(char c)
        {
            if (header.Length == 0)
                headerLine = line;
            header.Append(c);
            if (depthOfParentheses == 0 && c == ']' && header[0] == '[')
                header.Clear();
            else if (c == '>' && !inExpression && depthOfParentheses == 0)
                inExpression = header.Length > 1 && header[^2] == '=' && !IsAssignment(header.ToString(0, header.Length - 2))
                    && !TypeHeader().IsMatch(header.ToString());
        }

        private void End(bool isMember)
        {
            if (isMember)
                found.Add(new Method(NameOf(header.ToString()), headerLine, line - headerLine + 1));
            header.Clear();
            inExpression = false;
        }

        private bool IsExpression(string text) => inExpression || IsAssignment(text);

        // The name stands before the parameters, or at the end where there are none. Only messages depend on it.
        private static string NameOf(string header)
        {
            var declaration = header.Split([" where ", "\n", ": base(", ": this("], StringSplitOptions.None)[0];
            var end = declaration.Length;
            for (int i = 0, depth = 0; i < declaration.Length; i++)
            {
                if (depth == 0 && i > 0 && declaration[i] == '=' && declaration[i..].StartsWith("=>", StringComparison.Ordinal))
                {
                    end = Math.Min(end, i);
                    break;
                }

                if (declaration[i] == '(' && depth++ == 0 && i > 0)
                    end = i;
                depth -= declaration[i] == ')' ? 1 : 0;
            }

            var name = declaration[..end].TrimEnd();
            if (name.EndsWith('>') && !name.Contains("operator", StringComparison.Ordinal))
                name = name[..name.LastIndexOf('<')];
            return LastName().Match(name) is { Success: true } last ? last.Value : name;
        }

        // Outside parentheses, and not part of an operator: the start of a value.
        private static bool IsAssignment(string header)
        {
            var depth = 0;
            for (var i = 0; i < header.Length; i++)
            {
                depth += header[i] is '(' or '[' ? 1 : header[i] is ')' or ']' ? -1 : 0;
                if (depth == 0 && header[i] == '=' && !header.Contains("operator", StringComparison.Ordinal))
                    return true;
            }

            return false;
        }
    }
}

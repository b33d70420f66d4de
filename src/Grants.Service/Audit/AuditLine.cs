namespace Grants.Service.Audit;

/// <summary>What the audit found in a space.</summary>
/// <param name="Space">Its id.</param>
public sealed record AuditReport(string Space, IReadOnlyList<AuditLine> Lines)
{
    public bool Holds => Lines.All(line => line.Holds);
}

/// <summary>The outcome of one invariant.</summary>
/// <param name="Invariant">Its number, I1 to I9.</param>
/// <param name="Sentence">What must hold.</param>
/// <param name="Checked">How many facts were looked at.</param>
/// <param name="Violations">A sentence for each fact that breaks it.</param>
public sealed record AuditLine(string Invariant, string Sentence, int Checked, IReadOnlyList<string> Violations)
{
    public bool Holds => Violations.Count == 0;
}

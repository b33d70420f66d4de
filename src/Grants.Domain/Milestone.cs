using Grants.Primitives;

namespace Grants.Domain;

/// <summary>A promise of a proposal with the part of the award that hangs on it. Numbered from 1 by its place in the list.</summary>
/// <param name="Title">One line.</param>
/// <param name="Description">Markdown, kept as written: what will be there, and how one can tell.</param>
/// <param name="Share">Its part of the award; the shares of all milestones sum to the whole.</param>
/// <param name="DueAfterSeconds">From the start of the award's vesting.</param>
public sealed record Milestone(string Title, string Description, BasisPoints Share, long DueAfterSeconds)
{
    public const int CountMax = 50;

    /// <summary>The longest title and description, in UTF-16 units.</summary>
    public const int TitleLengthMax = 200;

    public const int DescriptionLengthMax = 2_000;

    /// <summary>Ten years: nobody means more.</summary>
    public const long SecondsMax = 10L * 365 * 86_400;

    /// <summary>The first thing wrong with the milestones of a proposal, or null. None at all are fine.</summary>
    public static Rejection? Validate(IReadOnlyList<Milestone> milestones)
    {
        if (milestones.Count > CountMax)
            return new InvalidValue("milestones", $"There can be at most {CountMax} milestones.");
        foreach (var (i, milestone) in milestones.Index())
        {
            if (milestone.Problem() is var (field, problem))
                return new InvalidValue($"milestones.{i}.{field}", problem);
        }

        return milestones.Count > 0 && milestones.Sum(milestone => milestone.Share.Value) != BasisPoints.Whole
            ? new InvalidValue("milestones", $"The shares of the milestones must sum to {BasisPoints.Whole} basis points.")
            : null;
    }

    private (string Field, string Problem)? Problem()
    {
        if (!LineText.IsLine(Title, TitleLengthMax))
            return ("title", $"Must have 1 to {TitleLengthMax} characters on one line.");
        if (Description.Length > DescriptionLengthMax || Description.Contains('\0', StringComparison.Ordinal))
            return ("description", $"Must have at most {DescriptionLengthMax} characters, without the null character.");
        if (Share.Value == 0)
            return ("share", "A milestone without a share of the award is none.");
        return DueAfterSeconds is < 0 or > SecondsMax ? ("dueAfterSeconds", $"Must be 0 to {SecondsMax} seconds.") : null;
    }
}

using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>The rounds of <see cref="RankedChoiceSystem"/>, once through.</summary>
internal sealed class Runoff
{
    private readonly ValueList<string> names;
    private readonly BigInteger all;
    private readonly (int[] Ranking, BigInteger Power)[] ballots;
    private readonly List<(int Ballot, int Place)>[] piles; // by choice, the ballots that are with it, and the place where they name it
    private readonly List<int> left;
    private readonly bool[] isOut;
    private readonly List<BigInteger[]> history = [];

    public Runoff(Tally tally, ValueList<string> names)
    {
        this.names = names;
        all = tally.Power.ToBigInteger();
        ballots = [.. tally.Cells.Select(cell => (ChoiceText.Numbers(cell.Key, names.Count)!, cell.Value))];
        left = [.. Enumerable.Range(1, names.Count)];
        isOut = new bool[names.Count + 1];
        piles = [.. Enumerable.Range(0, names.Count + 1).Select(_ => new List<(int, int)>())];
        Scores = new BigInteger[names.Count];
        for (var ballot = 0; ballot < ballots.Length; ballot++)
            Move(ballot, 0);
    }

    /// <summary>By choice, in the last round.</summary>
    public BigInteger[] Scores { get; private set; }

    public List<CountingRound> Rounds { get; } = [];

    public List<string> Explanation { get; } = [];

    /// <summary>Goes through the rounds. Answers the winner, or 0.</summary>
    public int Run()
    {
        while (true)
        {
            history.Add([.. Scores]);
            var inPlay = Scores.Aggregate(BigInteger.Zero, (sum, score) => sum + score);
            Explanation.Add($"Round {history.Count}: {inPlay} in play, a majority is {(inPlay / 2) + 1}.");
            var best = left.MaxBy(choice => Scores[choice - 1]);
            var isMajority = Scores[best - 1] * 2 > inPlay;
            List<int> leaving = isMajority || left.Count < 3 || inPlay.IsZero ? [] : Last();
            if (leaving.Count == left.Count)
                leaving = [];
            Rounds.Add(new CountingRound(
                [.. Scores.Select(score => new UInt256(score))], [.. leaving], new UInt256(all - inPlay)));
            if (leaving.Count == 0)
                return Ended(isMajority, best);
            Explanation.Add($"{Names(leaving)} {(leaving.Count == 1 ? "leaves" : "leave")}.");
            Eliminate(leaving);
        }
    }

    private int Ended(bool isMajority, int best)
    {
        Explanation.Add(isMajority ? $"{names[best - 1]} has it." : "The best are tied: nobody has won.");
        return isMajority ? best : 0;
    }

    private void Eliminate(List<int> leaving)
    {
        left.RemoveAll(leaving.Contains);
        foreach (var choice in leaving)
            isOut[choice] = true;
        foreach (var choice in leaving)
        {
            Scores[choice - 1] = BigInteger.Zero;
            foreach (var (ballot, place) in piles[choice])
                Move(ballot, place + 1);
            piles[choice].Clear();
        }
    }

    private void Move(int ballot, int place)
    {
        var (ranking, power) = ballots[ballot];
        while (place < ranking.Length && isOut[ranking[place]])
            place++;
        if (place == ranking.Length)
            return;
        piles[ranking[place]].Add((ballot, place));
        Scores[ranking[place] - 1] += power;
    }

    private List<int> Last()
    {
        var last = Least(left, choice => Scores[choice - 1]);
        if (last.Count == 1 || Scores[last[0] - 1].IsZero)
            return last;
        var tied = Names(last);
        for (var round = history.Count - 2; round >= 0 && last.Count > 1; round--)
            last = Least(last, choice => history[round][choice - 1]);
        if (last.Count > 1)
        {
            var support = Support(last);
            last = Least(last, choice => support[choice]);
        }

        Explanation.Add($"{tied} are tied for the last place.");
        return last;
    }

    private Dictionary<int, BigInteger> Support(List<int> tied)
    {
        var support = tied.ToDictionary(choice => choice, _ => BigInteger.Zero);
        foreach (var (ranking, power) in ballots)
        {
            var below = tied.Count;
            foreach (var choice in ranking.Where(support.ContainsKey))
                support[choice] += power * --below;
        }

        return support;
    }

    private string Names(IEnumerable<int> choices) => string.Join(" and ", choices.Select(choice => names[choice - 1]));

    private static List<int> Least(List<int> choices, Func<int, BigInteger> score)
    {
        var least = choices.Min(score);
        return [.. choices.Where(choice => score(choice) == least)];
    }
}

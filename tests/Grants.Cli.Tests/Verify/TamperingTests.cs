using System.Text.Json.Nodes;
using Grants.Primitives;
using Xunit;

namespace Grants.Cli.Tests.Verify;

/// <summary>Whoever changes an export, and seals it again, is found.</summary>
public sealed class TamperingTests
{
    private static readonly ExportText Honest = AVote().Export();

    private static readonly int Ballot = Honest.First("ballot");

    [Fact]
    public void nothing_is_found_in_what_nobody_changed() => Assert.Empty(Honest.Codes());

    [Theory]
    [InlineData("choice", "2", "SIGNATURE")]
    [InlineData("reason", "I was told to.", "SIGNATURE")]
    [InlineData("nonce", "5", "SIGNATURE")]
    [InlineData("space", "andromeda", "WRONG_SPACE")]
    [InlineData("choice", "4", "INVALID_CHOICE")]
    public void a_changed_ballot(string member, string value, string code) =>
        Found(Honest.With(Ballot, ballot => ballot["ballot"]![member] = value), code, "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_changed_voter() => Found(
        Honest.With(Ballot, ballot => ballot["ballot"]!["voter"] = $"{Election.AddressOf(9)}"), "SIGNATURE", "POWER_PROOF", "VOTE_ROOT");

    [Theory]
    [InlineData("1001")]
    [InlineData("999999")]
    public void a_changed_power(string power) =>
        Found(Honest.With(Ballot, ballot => ballot["power"] = power), "POWER_PROOF", "LOG_ROOT", "VOTE_ROOT", "OUTCOME");

    [Fact]
    public void a_voter_without_power() =>
        Found(Honest.With(Ballot, ballot => ballot["power"] = "0"), "NO_VOTING_POWER", "POWER_PROOF", "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_changed_time() =>
        Found(Honest.With(Ballot, ballot => ballot["acceptedAt"] = ballot["acceptedAt"]!.GetValue<long>() + 1), "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_time_outside_the_window() => Found(
        Honest.With(Ballot, ballot => ballot["acceptedAt"] = Election.OpensAt - 1), "OUTSIDE_VOTING_WINDOW", "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_signature_that_is_said_to_be_a_contracts() =>
        Found(Honest.With(Ballot, ballot => ballot["kind"] = "ERC1271"), "SIGNATURE", "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_ballot_left_out() => Found(Honest.Replace(Ballot), "PLACE", "LOG_ROOT", "VOTE_ROOT");

    // Its leaf stays in the log, as if it were of another vote.
    [Fact]
    public void a_ballot_hidden_among_the_others()
    {
        var leaf = Grants.Domain.Ballots.BallotLog.Leaf(AVote().Records[0]);
        var place = AVote().Records[0].Index;
        Found(Honest.Replace(Ballot, $"{{\"type\":\"others\",\"first\":{place},\"level\":0,\"root\":\"{leaf}\"}}"), "VOTE_ROOT", "OUTCOME");
    }

    [Fact]
    public void a_ballot_twice() =>
        Found(Honest.Replace(Ballot, Honest.Lines[Ballot], Honest.Lines[Ballot]), "PLACE", "NONCE", "LOG_ROOT", "VOTE_ROOT");

    [Fact]
    public void a_ballot_added()
    {
        var more = AVote().Cast(7, "2").Export();
        var added = more.Lines.Single(line => line.Contains($"\"voter\":\"{Election.AddressOf(7)}\"", StringComparison.Ordinal));
        Found(Honest.Replace(Honest.Lines.Count - 2, Honest.Lines[^2], added), "LOG_ROOT", "VOTE_ROOT", "OUTCOME");
    }

    [Fact]
    public void two_ballots_swapped() => Found(
        Honest.Replace(Ballot, Honest.Lines[Ballot + 1]).Replace(Ballot + 1, Honest.Lines[Ballot]), "PLACE", "LOG_ROOT", "VOTE_ROOT");

    // Each at the other's place, with the other's index.
    [Fact]
    public void two_ballots_at_each_others_place()
    {
        var (first, second) = (JsonNode.Parse(Honest.Lines[Ballot])!, JsonNode.Parse(Honest.Lines[Ballot + 1])!);
        var (place, next) = ((long)first["index"]!, (long)second["index"]!);
        var swapped = Honest.Replace(Ballot, Honest.Lines[Ballot + 1]).Replace(Ballot + 1, Honest.Lines[Ballot])
            .With(Ballot, ballot => ballot["index"] = place)
            .With(Ballot + 1, ballot => ballot["index"] = next);
        Found(swapped, "LOG_ROOT", "VOTE_ROOT");
    }

    [Fact]
    public void another_votes_leaves_changed() =>
        Found(Honest.With(Honest.First("others"), others => others["root"] = $"{Keccak256.Hash("x")}"), "LOG_ROOT");

    [Theory]
    [InlineData("isApproved", "CERTIFICATE", "OUTCOME")]
    [InlineData("thresholdMet", "CERTIFICATE", "OUTCOME")]
    public void a_changed_outcome(string member, params string[] codes) => Found(
        Honest.With(0, manifest => manifest["outcome"]![member] = !manifest["outcome"]![member]!.GetValue<bool>()), codes);

    [Fact]
    public void a_changed_score() =>
        Found(Honest.With(0, manifest => manifest["outcome"]!["count"]!["scores"]![0] = "1"), "CERTIFICATE", "OUTCOME");

    [Fact]
    public void another_sentence_of_the_outcome() =>
        Found(Honest.With(0, manifest => manifest["outcome"]!["reason"] = "It was a fine day."), "CERTIFICATE");

    [Fact]
    public void changed_rules() =>
        Found(Honest.With(0, manifest => manifest["terms"]!["rules"]!["quorums"]![0]!["least"] = "9"), "CERTIFICATE", "OUTCOME");

    [Fact]
    public void another_power_root() => Found(
        Honest.With(0, manifest => manifest["terms"]!["snapshot"]!["root"] = $"{Keccak256.Hash("x")}"), "CERTIFICATE", "POWER_PROOF");

    [Theory]
    [InlineData("voteRoot", "VOTE_ROOT")]
    [InlineData("logRoot", "LOG_ROOT")]
    [InlineData("terms", "CERTIFICATE")]
    public void a_changed_certificate(string member, string code) => Found(
        Honest.With(0, manifest => manifest["certificate"]!["certificate"]![member] = $"{Keccak256.Hash("x")}"),
        "CERTIFICATE_SIGNATURE",
        code);

    [Fact]
    public void a_forged_head() => Found(
        Honest.With(0, manifest => manifest["treeHead"]!["head"]!["timestamp"] = 1), "TREE_HEAD_SIGNATURE");

    [Fact]
    public void a_head_left_out() => Found(Honest.With(0, manifest => manifest["treeHead"] = null), "TREE_HEAD", "TREE_HEAD_SIGNATURE");

    [Fact]
    public void another_key_under_the_log() => Found(
        Honest.With(0, manifest => manifest["logAddress"] = $"{Election.AddressOf(3)}"), "CERTIFICATE_SIGNATURE", "TREE_HEAD_SIGNATURE");

    [Fact]
    public void what_is_written_in_another_way() => Found(
        Honest.Replace(Ballot, Honest.Lines[Ballot].Replace("\"kind\"", " \"kind\"", StringComparison.Ordinal)), "NOT_CANONICAL");

    [Fact]
    public void a_seal_of_something_else() =>
        Found(new ExportText([.. Honest.Lines.SkipLast(1), $"{{\"type\":\"seal\",\"sha256\":\"{Hash32.Zero}\"}}"]), "SEAL");

    [Fact]
    public void an_export_that_was_cut_off()
    {
        Found(new ExportText([.. Honest.Lines.SkipLast(1)]), "TRUNCATED");
        Found(new ExportText([Honest.Lines[0]]), "TRUNCATED", "LOG_ROOT", "VOTE_ROOT");
    }

    [Fact]
    public void lines_behind_the_seal() => Found(new ExportText([.. Honest.Lines, Honest.Lines[^1]]), "AFTER_THE_SEAL", "SEAL");

    [Fact]
    public void a_second_manifest() => Found(Honest.Replace(0, Honest.Lines[0], Honest.Lines[0]), "SECOND_MANIFEST");

    [Fact]
    public void the_line_is_named()
    {
        var tool = Honest.With(Ballot, ballot => ballot["power"] = "77").Verify();
        Assert.Contains($"line {Ballot + 1}: POWER_PROOF", tool.Output, StringComparison.Ordinal);
        Assert.Contains("DOES NOT HOLD", tool.Output, StringComparison.Ordinal);
    }

    private static void Found(ExportText tampered, params string[] codes) =>
        Assert.Superset(codes.ToHashSet(), tampered.Codes().ToHashSet());

    private static Election AVote() => new Election().Others(3).Cast(0, "1").Cast(1, "1").Others(1).Cast(2, "2").Cast(1, "2", 2).Others(7);
}

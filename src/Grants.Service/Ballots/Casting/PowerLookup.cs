using System.Threading.Channels;
using Grants.Primitives;
using Grants.Service.VotingPower;

namespace Grants.Service.Ballots.Casting;

/// <summary>Asks for many voters' power at once: whoever asks while a query runs shares the next one.</summary>
public sealed class PowerLookup(PowerStore power) : BackgroundService
{
    private const int Most = 1_024;

    private readonly Channel<Question> questions = Channel.CreateUnbounded<Question>(new() { SingleReader = true });

    private sealed record Question(Hash32 Vote, Address Account)
    {
        public TaskCompletionSource<UInt256> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Base units; zero where the account had none.</summary>
    public Task<UInt256> PowerOfAsync(Hash32 vote, Address account, CancellationToken cancellation)
    {
        var question = new Question(vote, account);
        return questions.Writer.TryWrite(question)
            ? question.Answer.Task.WaitAsync(cancellation)
            : Task.FromCanceled<UInt256>(new CancellationToken(canceled: true));
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        questions.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var asked = new List<Question>(Most);
        while (await questions.Reader.WaitToReadAsync(CancellationToken.None))
        {
            asked.Clear();
            while (asked.Count < Most && questions.Reader.TryRead(out var question))
                asked.Add(question);
            await AnswerAsync(asked);
        }
    }

    private async Task AnswerAsync(List<Question> asked)
    {
        try
        {
            var powers = await power.PowerOfAsync(asked.ConvertAll(question => (question.Vote, question.Account)), CancellationToken.None);
            for (var i = 0; i < asked.Count; i++)
                asked[i].Answer.SetResult(powers[i]);
        }
        catch (Exception failure)
        {
            // Whatever it is, it is the callers': the next question starts afresh.
            foreach (var question in asked)
                question.Answer.TrySetException(failure);
        }
    }
}

using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Keys;
using Larder.Passes.Running;

namespace Larder.Passes.Tests.Running;

public sealed class StepStateTests
{
    [Fact]
    public async Task Drop_WhileOtherAnswersCome_LosesNone()
    {
        var answers = Enumerable.Range(0, 40_000).Select(Answer).ToList();
        var state = State();
        foreach (var answer in answers[..20_000])
            state.Add(answer);

        // The shared store's answers are added when they come, and not when somebody waits for them.
        using var start = new Barrier(2);
        await Task.WhenAll(
            Task.Run(() => Each(answers[20_000..], state.Add), TestContext.Current.CancellationToken),
            Task.Run(() => Each(answers[..20_000], state.Drop), TestContext.Current.CancellationToken)
        );

        void Each(List<StepAnswer> some, Action<StepAnswer> act)
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            some.ForEach(act);
        }

        foreach (var answer in answers[20_000..])
        {
            Assert.Equal(answer, state.Answer);
            state.Drop(answer);
        }
        Assert.Null(state.Answer);
    }

    private static StepAnswer Answer(int number) =>
        new(Key(number), Digest.Of(BitConverter.GetBytes(number)), 1, TimeSpan.Zero);

    private static EntryKey Key(int number) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["number"] = number,
            }
        );

    private static StepState State()
    {
        var facts = new StepFacts { Config = [] };
        var files = StepFiles.Read(facts.Files, "$", [], TestContext.Current.CancellationToken);
        var step = new PlannedStep("step", "type", 1, "$", facts, files);
        return new StepState(step, input: null, (_, _, _, _, _, _) => Task.CompletedTask, _ => Key(0)) { Key = Key(0) };
    }
}

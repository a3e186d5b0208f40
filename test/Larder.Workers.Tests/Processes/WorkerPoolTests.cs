using System.Text.Json;
using Larder.Workers.Processes;
using static Larder.Workers.Tests.WorkerHarness;

namespace Larder.Workers.Tests.Processes;

[Trait("Category", "Integration")]
public sealed partial class WorkerPoolTests : IDisposable
{
    private readonly WorkerHarness _harness = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Start_WorkerIsReady_HasWhatItTold()
    {
        await using var pool = await _harness.StartAsync(Program());

        Assert.Equal("test", pool.Ready.Name);
        var input = Assert.Single(pool.Ready.Inputs!);
        Assert.Equal(("do", "string"), (input.Name, input.Type));
        Assert.Equal(["?", "batch", "3", "?"], input.Shape!.Select(dimension => dimension.ToString()));
        var output = Assert.Single(pool.Ready.Outputs!);
        Assert.Equal(("echo", "float64"), (output.Name, output.Type));
        Assert.Null(output.Shape);
    }

    [Theory]
    [InlineData("""{"do": "echo", "value": 1.25}""", "1.25")]
    [InlineData("""{"value": "two\nlines — ünd 🥫"}""", "\"two\\nlines \\u2014 \\u00fcnd \\ud83e\\udd6b\"")]
    [InlineData("{\"value\":\r\n[1,\n 2,\r 3]}", "[1, 2, 3]")]
    [InlineData("""{"value": 9007199254740993}""", "9007199254740993")]
    [InlineData("""{"value": {"a": null, "b": true}}""", """{"a": null, "b": true}""")]
    public async Task Run_Inputs_ComeBackAsTheyAre(string inputs, string expected)
    {
        await using var pool = await _harness.StartAsync(Program());

        var outputs = await pool.RunAsync(JsonElement.Parse(inputs), Patience, Token);

        Assert.Equal(expected, outputs.GetProperty("echo").GetRawText());
    }

    [Fact]
    public async Task Run_LargeInputs_ComeBack()
    {
        await using var pool = await _harness.StartAsync(Program());
        var value = new string('x', 5_000_000);

        var outputs = await pool.RunAsync(Inputs(("value", value)), Patience, Token);

        Assert.Equal(value, outputs.GetProperty("echo").GetString());
    }

    [Fact]
    public async Task Run_MoreThanALineMayHave_IsAFaultOfTheInputs()
    {
        await using var pool = await _harness.StartAsync(Program());
        var inputs = Inputs(("value", new string('x', 64 * 1024 * 1024)));

        var failure = await Assert.ThrowsAsync<InvalidWorkerInputsException>(() =>
            pool.RunAsync(inputs, Patience, Token)
        );

        Assert.Equal("inputs", Assert.Single(failure.Faults).Path);
        Assert.Equal(await ProcessAsync(pool), await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_BytesThatAreNoText_AreAFaultOfTheInputsAndTheWorkerGoesOn()
    {
        await using var pool = await _harness.StartAsync(Program());
        var before = await ProcessAsync(pool);
        using var body = JsonDocument.Parse((byte[])[.. "{\"value\":\""u8, 0xFF, .. "\"}"u8]);

        var failure = await Assert.ThrowsAsync<InvalidWorkerInputsException>(() =>
            pool.RunAsync(body.RootElement, Patience, Token)
        );

        Assert.Contains("UTF-8", Assert.Single(failure.Faults).Message, StringComparison.Ordinal);
        Assert.Equal(before, await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_WorkerThatPrints_IsNotDisturbed()
    {
        await using var pool = await _harness.StartAsync(Program(("SECRET", "hush-hush")));

        var outputs = await pool.RunAsync(
            Inputs(("do", "print"), ("lines", 20_000), ("text", "hush-hush")),
            Patience,
            Token
        );

        Assert.Equal(1, outputs.GetProperty("echo").GetInt32());
        var printed = _harness.Log.Messages.Where(message => message.Contains(" printed: ", StringComparison.Ordinal));
        Assert.InRange(printed.Count(), 1, 500);
        Assert.DoesNotContain(_harness.Log.Messages, message => message.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WorkerRefuses_FailsAndTheWorkerGoesOn()
    {
        await using var pool = await _harness.StartAsync(Program());
        var before = await ProcessAsync(pool);

        var failure = await FailAsync(pool, "error");

        Assert.Equal((WorkerFailure.Refused, "Not today."), (failure.Failure, failure.Answer));
        Assert.Equal(before, await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_InputsDoNotFit_TellsEachFault()
    {
        await using var pool = await _harness.StartAsync(Program());

        var failure = await Assert.ThrowsAsync<InvalidWorkerInputsException>(() =>
            pool.RunAsync(Inputs(("do", "faults")), Patience, Token)
        );

        Assert.Equal([new WorkerInputFault("inputs.rooms", "A number is needed.")], failure.Faults);
    }

    [Theory]
    [InlineData("die", WorkerFailure.Died, "it ended with exit code 9. The last that it printed")]
    [InlineData("close", WorkerFailure.Died, "it closed its channel")]
    [InlineData("garbage", WorkerFailure.BrokeProtocol, "'this is no document'")]
    [InlineData("unknown id", WorkerFailure.BrokeProtocol, "it answered what nobody asked")]
    [InlineData("no outputs", WorkerFailure.BrokeProtocol, "its 'outputs' are no object of at least one member")]
    [InlineData("surrogate", WorkerFailure.BrokeProtocol, "its 'error' has no 'message'")]
    [InlineData("latin", WorkerFailure.BrokeProtocol, "a line to its channel that is no UTF-8")]
    [InlineData("deep", WorkerFailure.BrokeProtocol, "no JSON document")]
    [InlineData("flood", WorkerFailure.BrokeProtocol, "a line of more than 67108864 bytes")]
    public async Task Run_WorkerFails_FailsThisRequestAndTheNextHasAnother(
        string fault,
        WorkerFailure expected,
        string reason
    )
    {
        await using var pool = await _harness.StartAsync(Program());
        var before = await ProcessAsync(pool);

        var failure = await FailAsync(pool, fault);

        Assert.Equal(expected, failure.Failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.False(IsThere(before));
        Assert.NotEqual(before, await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_LostWorkerCannotBeReplaced_RequestsGoToTheOthersForAWhile()
    {
        var (told, gate) = (_harness.Pipe("told"), _harness.Pipe("gate"));
        var program = Program(("START", "unless"), ("MARK", _harness["mark"]));
        await using var pool = await _harness.StartAsync(
            new WorkerProgram(program.Command) { Environment = program.Environment, Workers = 2 }
        );
        await FailAsync(pool, "die");
        await File.WriteAllTextAsync(_harness["mark"], "", Token);
        var busy = pool.RunAsync(Inputs(("do", "wait"), ("pipe", told), ("gate", gate)), Patience, Token);
        using var said = await ListenAsync(told);

        var failure = await FailAsync(pool, "echo");
        var next = pool.RunAsync(Inputs(("value", 7)), Patience, Token);
        await OpenGateAsync(gate);

        Assert.Equal(WorkerFailure.NotStarted, failure.Failure);
        await busy;
        Assert.Equal(7, (await next).GetProperty("echo").GetInt32());
    }

    [Fact]
    public async Task Run_WorkerDies_TellsItsLastWords()
    {
        await using var pool = await _harness.StartAsync(Program());

        var failure = await FailAsync(pool, "die");

        Assert.EndsWith("out of memory, says the worker", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Message, _harness.Log.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WorkerHangs_IsEndedAtTheLimit()
    {
        await using var pool = await _harness.StartAsync(Program());
        var before = await ProcessAsync(pool);

        var failure = await Assert.ThrowsAsync<WorkerException>(() =>
            pool.RunAsync(Inputs(("do", "hang")), TimeSpan.FromMilliseconds(100), Token)
        );

        Assert.Equal(WorkerFailure.TooSlow, failure.Failure);
        Assert.Contains("after 00:00:00.1000000", failure.Message, StringComparison.Ordinal);
        Assert.False(IsThere(before));
        Assert.NotEqual(before, await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_AnsweredAndDied_HasTheAnswer()
    {
        await using var pool = await _harness.StartAsync(Program());

        var outputs = await pool.RunAsync(Inputs(("do", "answer and die")), Patience, Token);

        Assert.Equal(1, outputs.GetProperty("echo").GetInt32());
    }

    [Fact]
    public async Task Run_WorkerDiedBeforeItWasAsked_GoesToAnother()
    {
        await using var pool = await _harness.StartAsync(Program());
        var before = await ProcessAsync(pool);

        using (var process = System.Diagnostics.Process.GetProcessById(before))
        {
            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        // Whether its death was seen before or when it was written to: it never had this request.
        var outputs = await pool.RunAsync(Inputs(("value", 1)), Patience, Token);
        Assert.NotEqual(before, outputs.GetProperty("process").GetInt32());
    }

    [Fact]
    public async Task Run_TwoAnswersForOneRequest_EndsTheWorker()
    {
        await using var pool = await _harness.StartAsync(Program());
        var lost = new TaskCompletionSource();
        pool.Emptied = lost.SetResult;

        var outputs = await pool.RunAsync(Inputs(("do", "twice")), Patience, Token);

        Assert.Equal(1, outputs.GetProperty("echo").GetInt32());
        await lost.Task.WaitAsync(Patience, Token);
        Assert.Contains("what nobody asked", Assert.Single(_harness.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SomethingIsSaidThatNobodyAsked_EndsTheIdleWorker()
    {
        await using var pool = await _harness.StartAsync(Program());
        var lost = new TaskCompletionSource();
        pool.Emptied = lost.SetResult;
        var gate = _harness.Pipe("gate");
        var outputs = await pool.RunAsync(Inputs(("do", "thread garbage"), ("gate", gate)), Patience, Token);

        await OpenGateAsync(gate);

        await lost.Task.WaitAsync(Patience, Token);
        Assert.False(pool.HasWorkers);
        Assert.NotEqual(outputs.GetProperty("echo").GetInt32(), await ProcessAsync(pool));
    }

    [Fact]
    public async Task Run_CallerLeaves_DropsHisAnswerAndNobodyElses()
    {
        await using var pool = await _harness.StartAsync(Program());
        var process = await ProcessAsync(pool);
        var (pipe, gate) = (_harness.Pipe("pipe"), _harness.Pipe("gate"));
        using var leaves = new CancellationTokenSource();
        var left = pool.RunAsync(
            Inputs(("do", "wait"), ("pipe", pipe), ("gate", gate), ("value", 1)),
            Patience,
            leaves.Token
        );
        using var atWork = await ListenAsync(pipe);
        Assert.Equal("at work", await atWork.ReadLineAsync(Token));
        var waiting = pool.RunAsync(Inputs(("value", 2)), Patience, Token);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(waiting.IsCompleted);
        await OpenGateAsync(gate);

        var outputs = await waiting;
        Assert.Equal((2, process), (outputs.GetProperty("echo").GetInt32(), outputs.GetProperty("process").GetInt32()));
    }

    [Fact]
    public async Task Run_CallerLeavesWhileHeWaits_IsNeverSent()
    {
        await using var pool = await _harness.StartAsync(Program());
        var (pipe, gate, never) = (_harness.Pipe("pipe"), _harness.Pipe("gate"), _harness["never"]);
        using var leaves = new CancellationTokenSource();
        var first = pool.RunAsync(Inputs(("do", "wait"), ("pipe", pipe), ("gate", gate)), Patience, Token);
        using var atWork = await ListenAsync(pipe);
        Assert.Equal("at work", await atWork.ReadLineAsync(Token));
        // It would fail on the pipe that is not there, and so would the worker.
        var left = pool.RunAsync(Inputs(("do", "family"), ("pipe", never)), Patience, leaves.Token);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await OpenGateAsync(gate);
        await first;

        await pool.RunAsync(Inputs(("value", 1)), Patience, Token);
        Assert.Empty(_harness.Log.Warnings);
    }

    [Fact]
    public async Task Run_AllWorkersAreBusy_FailsAtTheLimit()
    {
        await using var pool = await _harness.StartAsync(Program());
        var (pipe, gate) = (_harness.Pipe("pipe"), _harness.Pipe("gate"));
        var first = pool.RunAsync(Inputs(("do", "wait"), ("pipe", pipe), ("gate", gate)), Patience, Token);
        using var atWork = await ListenAsync(pipe);
        Assert.Equal("at work", await atWork.ReadLineAsync(Token));

        var failure = await Assert.ThrowsAsync<WorkerException>(() =>
            pool.RunAsync(Inputs(("value", 1)), TimeSpan.FromMilliseconds(50), Token)
        );

        Assert.Equal(WorkerFailure.Busy, failure.Failure);
        Assert.Contains("All 1 workers", failure.Message, StringComparison.Ordinal);
        await OpenGateAsync(gate);
        await first;
    }

    [Fact]
    public async Task Run_SeveralWorkers_WorkAtOnce()
    {
        await using var pool = await _harness.StartAsync(new WorkerProgram([Python, Script]) { Workers = 3 });
        var runs = new List<Task<JsonElement>>();
        for (var i = 0; i < 3; i++)
        {
            var (pipe, gate) = (_harness.Pipe($"pipe{i}"), _harness.Pipe($"gate{i}"));
            runs.Add(
                pool.RunAsync(Inputs(("do", "wait"), ("pipe", pipe), ("gate", gate), ("value", i)), Patience, Token)
            );
        }

        // Each is at work while the others wait.
        for (var i = 0; i < 3; i++)
        {
            using var atWork = await ListenAsync(_harness[$"pipe{i}"]);
            Assert.Equal("at work", await atWork.ReadLineAsync(Token));
        }
        for (var i = 0; i < 3; i++)
            await OpenGateAsync(_harness[$"gate{i}"]);

        var answers = await Task.WhenAll(runs);
        Assert.Equal([0, 1, 2], answers.Select(answer => answer.GetProperty("echo").GetInt32()));
        Assert.Equal(3, pool.Processes.Count);
    }

    [Fact]
    public async Task Run_ManyAtOnce_EachHasItsOwnAnswer()
    {
        await using var pool = await _harness.StartAsync(new WorkerProgram([Python, Script]) { Workers = 2 });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => pool.RunAsync(Inputs(("value", i)), Patience, Token))
        );

        Assert.Equal(Enumerable.Range(0, 200), answers.Select(answer => answer.GetProperty("echo").GetInt32()));
        Assert.InRange(answers.Select(answer => answer.GetProperty("process").GetInt32()).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task Run_OneOfTwoWorkersFails_TheOtherGoesOn()
    {
        await using var pool = await _harness.StartAsync(new WorkerProgram([Python, Script]) { Workers = 2 });
        var (pipe, gate) = (_harness.Pipe("pipe"), _harness.Pipe("gate"));
        var good = pool.RunAsync(Inputs(("do", "wait"), ("pipe", pipe), ("gate", gate), ("value", 7)), Patience, Token);
        using var atWork = await ListenAsync(pipe);
        Assert.Equal("at work", await atWork.ReadLineAsync(Token));

        await FailAsync(pool, "die");
        await OpenGateAsync(gate);

        Assert.Equal(7, (await good).GetProperty("echo").GetInt32());
        Assert.Single(pool.Processes);
    }

    private static async Task<int> ProcessAsync(WorkerPool pool) =>
        (await pool.RunAsync(Inputs(("value", 0)), Patience, Token)).GetProperty("process").GetInt32();

    private static Task<WorkerException> FailAsync(WorkerPool pool, string fault) =>
        Assert.ThrowsAsync<WorkerException>(() => pool.RunAsync(Inputs(("do", fault)), Patience, Token));
}

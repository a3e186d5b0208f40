using System.ComponentModel;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

public sealed class RecordedChatClientTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Replay_Answer_IsTheRecordedOneAndTheModelIsNotAsked()
    {
        using var model = new FakeChatClient
        {
            Answers = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, "Grüße") { MessageId = "m1" })
            {
                ResponseId = "r1",
                Usage = new UsageDetails { OutputTokenCount = 2 },
                RawRepresentation = "of the client's own",
            },
        };
        using (var recording = _room.Open(RecordingMode.Record))
        {
            var live = await model.UseRecordings(recording).GetResponseAsync("Hello", cancellationToken: Token);
            Assert.Equal("of the client's own", live.RawRepresentation);
        }
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        var answer = await other.UseRecordings(recordings).GetResponseAsync("Hello", cancellationToken: Token);

        Assert.Equal("Grüße", answer.Text);
        Assert.Equal(("m1", "r1"), (answer.Messages[0].MessageId, answer.ResponseId));
        Assert.Equal(2, answer.Usage!.OutputTokenCount);
        Assert.Contains("Grüße", _room.Text, StringComparison.Ordinal);
        Assert.Equal(0, other.Calls);
    }

    [Fact]
    public async Task Replay_OfWhatWasNotAsked_IsMissing()
    {
        using var model = new FakeChatClient();
        using (var recording = _room.Open(RecordingMode.Record))
            await model.UseRecordings(recording).GetResponseAsync("What is 2+2?", cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);

        var missing = await Assert.ThrowsAsync<RecordingMissingException>(() =>
            model.UseRecordings(recordings).GetResponseAsync("What is 9*9?", cancellationToken: Token)
        );

        Assert.Contains("What is 2+2?", missing.Message, StringComparison.Ordinal);
        Assert.Contains("What is 9*9?", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conversation_OfTwoTurns_Replays()
    {
        using var model = new FakeChatClient
        {
            Answers = messages => new ChatResponse(
                new ChatMessage(ChatRole.Assistant, $"answer to {messages[^1].Text}")
                {
                    MessageId = Guid.NewGuid().ToString(),
                    CreatedAt = DateTimeOffset.UtcNow,
                    RawRepresentation = new object(),
                    AdditionalProperties = new() { ["tokens"] = 3 },
                }
            ),
        };
        using (var recording = _room.Open(RecordingMode.Record))
            await TalkAsync(model.UseRecordings(recording));
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        var history = await TalkAsync(other.UseRecordings(recordings));

        Assert.Equal(["one", "answer to one", "two", "answer to two"], history.Select(message => message.Text));
        Assert.Equal(2, _room.Files.Count);
        Assert.Equal(2, recordings.Statistics.Hits);

        static async Task<List<ChatMessage>> TalkAsync(IChatClient client)
        {
            // A program gives its own messages new ids and times in every run.
            List<ChatMessage> history = [];
            foreach (var text in new[] { "one", "two" })
            {
                history.Add(
                    new(ChatRole.User, text)
                    {
                        MessageId = Guid.NewGuid().ToString(),
                        CreatedAt = DateTimeOffset.UtcNow,
                    }
                );
                history.AddRange((await client.GetResponseAsync(history, cancellationToken: Token)).Messages);
            }
            return history;
        }
    }

    [Fact]
    public async Task ToolCalls_AreReplayedAndTheirResultsCount()
    {
        var weather = AIFunctionFactory.Create(
            ([Description("Which city")] string city) => $"rain in {city}",
            "weather",
            "Tells the weather"
        );
        var options = new ChatOptions { Tools = [weather] };
        using var model = new FakeChatClient
        {
            Answers = messages => new ChatResponse(
                messages[^1].Role == ChatRole.Tool
                    ? new ChatMessage(ChatRole.Assistant, "Take an umbrella.")
                    : new ChatMessage(
                        ChatRole.Assistant,
                        [
                            new FunctionCallContent(
                                "c1",
                                "weather",
                                new Dictionary<string, object?> { ["city"] = JsonElement.Parse("\"Ulm\"") }
                            ),
                        ]
                    )
            ),
        };
        using (var recording = _room.Open(RecordingMode.Record))
            Assert.Equal("Take an umbrella.", await AskAsync(model.UseRecordings(recording)));
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        Assert.Equal("Take an umbrella.", await AskAsync(other.UseRecordings(recordings)));

        async Task<string> AskAsync(IChatClient client)
        {
            List<ChatMessage> history = [new(ChatRole.User, "Do I need an umbrella in Ulm?")];
            var asked = await client.GetResponseAsync(history, options, Token);
            var call = Assert.IsType<FunctionCallContent>(Assert.Single(asked.Messages[0].Contents));
            var result = await weather.InvokeAsync(new AIFunctionArguments(call.Arguments), Token);
            history.AddRange(asked.Messages);
            history.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            return (await client.GetResponseAsync(history, options, Token)).Text;
        }
    }

    [Fact]
    public async Task Picture_InAnswer_LiesBesideTheRecordingAndComesBack()
    {
        byte[] png = [0x89, .. "PNG\r\n\x1a\n"u8, .. Enumerable.Range(0, 3000).Select(i => (byte)i)];
        using var model = new FakeChatClient
        {
            Answers = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, [new DataContent(png, "image/png")])),
        };
        using (var recording = _room.Open(RecordingMode.Record))
            await model.UseRecordings(recording).GetResponseAsync("Draw", cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);

        var answer = await model.UseRecordings(recordings).GetResponseAsync("Draw", cancellationToken: Token);

        Assert.Equal(png, Assert.IsType<DataContent>(Assert.Single(answer.Messages[0].Contents)).Data.ToArray());
        Assert.Equal(
            png,
            File.ReadAllBytes(Assert.Single(_room.Files, file => file.EndsWith(".png", StringComparison.Ordinal)))
        );
    }

    [Fact]
    public async Task Failure_OfTheModel_ComesBackAsItself()
    {
        using var model = new FakeChatClient
        {
            Answers = _ =>
                throw new HttpRequestException("Too many requests.", inner: null, HttpStatusCode.TooManyRequests),
        };
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<HttpRequestException>(() =>
                model.UseRecordings(recording).GetResponseAsync("Hello", cancellationToken: Token)
            );
        using var recordings = _room.Open(RecordingMode.Replay);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            model.UseRecordings(recordings).GetResponseAsync("Hello", cancellationToken: Token)
        );

        Assert.Equal(HttpStatusCode.TooManyRequests, failure.StatusCode);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Failure_OfTheClientsOwnType_ComesBackAsItself()
    {
        using var model = new FakeChatClient { Answers = _ => throw new ModelOverloadedException("Busy.") };
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<ModelOverloadedException>(() =>
                model.UseRecordings(recording).GetResponseAsync("Hello", cancellationToken: Token)
            );
        using var recordings = _room.Open(RecordingMode.Replay);
        using var made = recordings.WrapChatClient(
            () => throw new InvalidOperationException("The client was made."),
            new Deployment("Larder.Recordings.AI.Tests.FakeChatClient")
        );

        foreach (var client in new[] { model.UseRecordings(recordings), made })
            Assert.Equal(
                "Busy.",
                (
                    await Assert.ThrowsAsync<ModelOverloadedException>(() =>
                        client.GetResponseAsync("Hello", cancellationToken: Token)
                    )
                ).Message
            );
    }

    [Fact]
    public async Task Cancelled_Call_StaysCancelledAndLeavesNoRecording()
    {
        using var recording = _room.Open(RecordingMode.Record);
        using var model = new FakeChatClient();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            model.UseRecordings(recording).GetResponseAsync("Hello", cancellationToken: cancelled.Token)
        );

        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Secrets_AreNeitherWrittenNorCounted()
    {
        const string key = "sk-proj-Q1w2E3r4T5y6U7i8O9p0Q1w2E3r4T5y6";
        using var model = new FakeChatClient();
        using (var recording = _room.Open(RecordingMode.Record))
            await AskAsync(model.UseRecordings(recording), key);
        Assert.DoesNotContain(key, _room.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("letmein", _room.Text, StringComparison.Ordinal);
        using var recordings = _room.Open(RecordingMode.Replay);

        Assert.Equal("echo Hello", await AskAsync(model.UseRecordings(recordings), "sk-another"));

        static async Task<string> AskAsync(IChatClient client, string key) =>
            (
                await client.GetResponseAsync(
                    "Hello",
                    new ChatOptions
                    {
                        AdditionalProperties = new() { ["api_key"] = key },
                        Tools =
                        [
                            new HostedMcpServerTool("files", "https://mcp.example.org/")
                            {
                                Headers = new Dictionary<string, string> { ["X-Door"] = "letmein" + key },
                            },
                        ],
                    },
                    Token
                )
            ).Text;
    }

    [Fact]
    public async Task Compare_NewIdsAndTimes_AreNoDrift()
    {
        using var model = Marked("rain");
        using var changed = Marked("snow");
        using (var recording = _room.Open(RecordingMode.Record))
            await model.UseRecordings(recording).GetResponseAsync("Hi", cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Compare);

        await model.UseRecordings(recordings).GetResponseAsync("Hi", cancellationToken: Token);
        Assert.Empty(recordings.Drifts);
        var drifted = await Assert.ThrowsAsync<RecordingDriftException>(() =>
            changed.UseRecordings(recordings).GetResponseAsync("Hi", cancellationToken: Token)
        );

        Assert.Contains("snow", Assert.Single(drifted.Drift.Differences), StringComparison.Ordinal);

        static FakeChatClient Marked(string weather) =>
            new()
            {
                Answers = _ =>
                {
                    var id = Guid.NewGuid().ToString();
                    var call = new FunctionCallContent(
                        id,
                        "tell",
                        new Dictionary<string, object?> { ["createdAt"] = weather }
                    );
                    return new ChatResponse(new ChatMessage(ChatRole.Assistant, [call]) { MessageId = id })
                    {
                        ResponseId = id,
                        CreatedAt = DateTimeOffset.UtcNow,
                    };
                },
            };
    }

    [Fact]
    public async Task ManyAtOnce_EachGetsItsOwn()
    {
        using var model = new FakeChatClient();
        using (var recording = _room.Open(RecordingMode.Record))
            await AskAllAsync(model.UseRecordings(recording));
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        await AskAllAsync(other.UseRecordings(recordings));

        Assert.Equal(64, _room.Files.Count);
        Assert.Equal(64, recordings.Statistics.Hits);

        static Task AskAllAsync(IChatClient client) =>
            Parallel.ForEachAsync(
                Enumerable.Range(0, 64),
                Token,
                async (i, token) =>
                    Assert.Equal($"echo {i}", (await client.GetResponseAsync($"{i}", cancellationToken: token)).Text)
            );
    }

    [Fact]
    public async Task Messages_ThatCanBeReadOnce_AreReadOnce()
    {
        using var recording = _room.Open(RecordingMode.Record);
        using var model = new FakeChatClient();
        var reads = 0;

        var answer = await model.UseRecordings(recording).GetResponseAsync(Messages(), cancellationToken: Token);

        Assert.Equal("echo Hello", answer.Text);
        Assert.Equal(1, reads);

        IEnumerable<ChatMessage> Messages()
        {
            reads++;
            yield return new ChatMessage(ChatRole.User, "Hello");
        }
    }
}

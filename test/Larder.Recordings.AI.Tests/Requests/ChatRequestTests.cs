using System.Text.Json;
using Larder.Recordings.AI.Tests;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Requests.Tests;

public sealed class ChatRequestTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    public static TheoryData<string, ChatOptions> OptionsThatDiffer =>
        new()
        {
            {
                "temperature",
                new() { Temperature = 0.5f }
            },
            {
                "model",
                new() { ModelId = "other" }
            },
            {
                "conversation",
                new() { ConversationId = "c2" }
            },
            {
                "instructions",
                new() { Instructions = "Be brief." }
            },
            {
                "seed",
                new() { Seed = 1 }
            },
            {
                "stop",
                new() { StopSequences = ["end"] }
            },
            {
                "format",
                new() { ResponseFormat = ChatResponseFormat.Json }
            },
            {
                "text",
                new() { ResponseFormat = ChatResponseFormat.Text }
            },
            {
                "reasoning",
                new() { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } }
            },
            {
                "tool mode",
                new() { ToolMode = ChatToolMode.RequireSpecific("weather") }
            },
            {
                "tool",
                new() { Tools = [Function("weather", "Tells the weather", "{}")] }
            },
            {
                "tool's name",
                new() { Tools = [Function("climate", "Tells the weather", "{}")] }
            },
            {
                "tool's description",
                new() { Tools = [Function("weather", "Tells it", "{}")] }
            },
            {
                "tool's schema",
                new() { Tools = [Function("weather", "Tells the weather", """{"type":"object"}""")] }
            },
            {
                "hosted tool",
                new() { Tools = [new HostedWebSearchTool()] }
            },
            {
                "hosted tool's options",
                new() { Tools = [new HostedFileSearchTool { MaximumResultCount = 3 }] }
            },
            {
                "other hosted tool's options",
                new() { Tools = [new HostedFileSearchTool { MaximumResultCount = 4 }] }
            },
            {
                "additional",
                new() { AdditionalProperties = new() { ["a"] = 1 } }
            },
            {
                "other additional",
                new() { AdditionalProperties = new() { ["a"] = "1" } }
            },
        };

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Options_ThatDiffer_AreDifferentRequests()
    {
        await RecordAsync("plain", options: null);
        await RecordAsync("empty", new ChatOptions());
        Assert.Single(_room.Files);
        var count = 1;
        foreach (var row in OptionsThatDiffer)
        {
            await RecordAsync(row.Data.Item1, row.Data.Item2);
            Assert.True(++count == _room.Files.Count, $"The {row.Data.Item1} does not count.");
            await RecordAsync(row.Data.Item1, row.Data.Item2);
            Assert.True(count == _room.Files.Count, $"The {row.Data.Item1} counts twice.");
        }
    }

    [Fact]
    public async Task Messages_ThatDiffer_AreDifferentRequests()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, "Hi"),
            new(ChatRole.System, "Hi"),
            new(ChatRole.User, "Hi") { AuthorName = "me" },
            new(ChatRole.User, [new TextContent("H"), new TextContent("i")]),
            new(ChatRole.User, [new TextReasoningContent("Hi")]),
            new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]),
            new(ChatRole.User, [new DataContent(new byte[] { 2 }, "image/png")]),
            new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/gif")]),
            new(ChatRole.User, [new UriContent("https://example.org/1", "image/png")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "rain")]),
            new(ChatRole.Tool, [new FunctionResultContent("c2", "rain")]),
            new(ChatRole.User, "Hi") { AdditionalProperties = new() { ["a"] = null } },
        ];

        for (var i = 0; i < messages.Length; i++)
        {
            await RecordAsync($"{i}", options: null, messages[i]);
            Assert.Equal(i + 1, _room.Files.Count);
        }
    }

    [Fact]
    public async Task Bytes_OfContent_StandInTheRequestByTheirDigest()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();

        await RecordAsync(
            "picture",
            options: null,
            new ChatMessage(ChatRole.User, [new DataContent(bytes, "image/png")])
        );

        Assert.InRange(_room.Text.Length, 1, 5_000);
        Assert.Contains(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            _room.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RawOptions_AreRefusedBeforeTheModelIsAsked()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var model = FakeChatClient.NeverAsked();
        var options = new ChatOptions { RawRepresentationFactory = _ => new object() };

        var refusal = await Assert.ThrowsAsync<NotRecordableException>(() =>
            model.UseRecordings(recordings).GetResponseAsync("Hi", options, TestContext.Current.CancellationToken)
        );

        Assert.Equal("$.arguments.options.rawRepresentationFactory", refusal.Place);
        Assert.Throws<NotRecordableException>(() =>
            model
                .UseRecordings(recordings)
                .GetStreamingResponseAsync("Hi", options, TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [MemberData(nameof(HiddenStates))]
    public async Task StateThatNobodySees_IsRefused(string place, ChatMessage message, ChatOptions options)
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var model = FakeChatClient.NeverAsked();

        var refusal = await Assert.ThrowsAsync<NotRecordableException>(() =>
            model.UseRecordings(recordings).GetResponseAsync([message], options, TestContext.Current.CancellationToken)
        );

        Assert.StartsWith(place, refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, ChatMessage, ChatOptions> HiddenStates =>
        new()
        {
            {
                "$.arguments.messages[0].contents[1]",
                new(ChatRole.User, [new TextContent("a"), new AIContent { RawRepresentation = new object() }]),
                new()
            },
            { "$.arguments.messages[0]", new(ChatRole.User, [new OwnContent()]), new() },
            {
                "$.arguments.options",
                new(ChatRole.User, "a"),
                new() { AdditionalProperties = new() { ["a"] = new Hidden(1) } }
            },
            {
                "$.arguments.options",
                new(ChatRole.User, "a"),
                new() { AdditionalProperties = new() { ["a"] = (Func<int>)(() => 1) } }
            },
            {
                "$.arguments.options",
                new(ChatRole.User, "a"),
                new() { AdditionalProperties = new() { ["a"] = double.NaN } }
            },
            {
                "$.arguments.options.tools[0]",
                new(ChatRole.User, "a"),
                new() { Tools = [new OwnTool()] }
            },
        };

    private static AIFunctionDeclaration Function(string name, string description, string schema) =>
        AIFunctionFactory.CreateDeclaration(name, description, JsonElement.Parse(schema));

    private async Task RecordAsync(string answer, ChatOptions? options, params ChatMessage[] messages)
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var model = new FakeChatClient
        {
            Answers = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)),
        };
        await model
            .UseRecordings(recordings)
            .GetResponseAsync(
                messages is [] ? [new ChatMessage(ChatRole.User, "Hi")] : messages,
                options,
                TestContext.Current.CancellationToken
            );
    }

    private sealed class Hidden(int state)
    {
        public override string ToString() => $"{state}";
    }

    private sealed class OwnContent : AIContent;

    private sealed class OwnTool : AITool
    {
        public Func<int> Call { get; } = () => 1;
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Json.Tests;

public sealed class ClientAnswerTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.FromHours(2));

    [Fact]
    public void Response_AllMembers_ComeBack()
    {
        var response = new ChatResponse([
            new ChatMessage(ChatRole.Assistant, "Grüße <b>")
            {
                MessageId = "m1",
                AuthorName = "it",
                CreatedAt = Time,
            },
            new ChatMessage(
                ChatRole.Tool,
                [new FunctionResultContent("c1", JsonElement.Parse("""{"degrees":-0.5}"""))]
            ),
        ])
        {
            ResponseId = "r1",
            ConversationId = "k1",
            ModelId = "some-model",
            CreatedAt = Time,
            FinishReason = new ChatFinishReason("of_its_own"),
            Usage = new UsageDetails
            {
                InputTokenCount = 3,
                OutputTokenCount = long.MaxValue,
                AdditionalCounts = new() { ["cached"] = 2 },
            },
            AdditionalProperties = new()
            {
                ["text"] = "exception",
                ["count"] = 3,
                ["share"] = 0.1f,
                ["nothing"] = null,
                ["json"] = JsonElement.Parse("""{"$type":"int","value":[1,2]}"""),
            },
        };

        var back = Again(response);

        Assert.Equal(["Grüße <b>", ""], back.Messages.Select(message => message.Text));
        Assert.Equal(
            ("m1", "it", Time),
            (back.Messages[0].MessageId, back.Messages[0].AuthorName, back.Messages[0].CreatedAt)
        );
        Assert.Equal(TimeSpan.FromHours(2), back.CreatedAt!.Value.Offset);
        Assert.Equal(ChatRole.Tool, back.Messages[1].Role);
        var result = Assert.IsType<FunctionResultContent>(Assert.Single(back.Messages[1].Contents));
        Assert.Equal("""{"degrees":-0.5}""", Assert.IsType<JsonElement>(result.Result).GetRawText());
        Assert.Equal(
            ("r1", "k1", "some-model", Time),
            (back.ResponseId, back.ConversationId, back.ModelId, back.CreatedAt)
        );
        Assert.Equal(new ChatFinishReason("of_its_own"), back.FinishReason);
        Assert.Equal(3, back.Usage!.InputTokenCount);
        Assert.Equal(long.MaxValue, back.Usage.OutputTokenCount);
        Assert.Equal(2, back.Usage.AdditionalCounts!["cached"]);
        Assert.Equal("exception", Assert.IsType<string>(back.AdditionalProperties!["text"]));
        Assert.Equal(3, Assert.IsType<int>(back.AdditionalProperties["count"]));
        Assert.Equal(0.1f, Assert.IsType<float>(back.AdditionalProperties["share"]));
        Assert.True(back.AdditionalProperties.TryGetValue("nothing", out var nothing));
        Assert.Null(nothing);
        Assert.Equal(
            """{"$type":"int","value":[1,2]}""",
            Assert.IsType<JsonElement>(back.AdditionalProperties["json"]).GetRawText()
        );
    }

    [Fact]
    public void Update_EveryContent_ComesBack()
    {
        var update = new ChatResponseUpdate(
            ChatRole.Assistant,
            [
                new TextContent("") { AdditionalProperties = new() { ["index"] = 0L } },
                new TextReasoningContent("because") { ProtectedData = "opaque" },
                new DataContent(new byte[] { 0, 255, 7 }, "application/octet-stream") { Name = "some.bin" },
                new DataContent("data:text/plain;charset=utf-8,a%20b"),
                new UriContent("https://example.org/picture.png", "image/png"),
                new FunctionCallContent(
                    "c1",
                    "weather",
                    new Dictionary<string, object?> { ["city"] = "Ulm", ["days"] = 3 }
                ),
                new UsageContent(new UsageDetails { TotalTokenCount = 12, CachedInputTokenCount = 4 }),
                new ErrorContent("overloaded") { ErrorCode = "529", Details = "later" },
                new HostedFileContent("f1"),
                new AIContent(),
            ]
        )
        {
            AuthorName = "it",
            MessageId = "m1",
            ResponseId = "r1",
            ConversationId = "k1",
            CreatedAt = Time,
            FinishReason = ChatFinishReason.ToolCalls,
            ModelId = "some-model",
            ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 9, 8 }),
            AdditionalProperties = new() { ["final"] = true },
        };

        var back = Again(update);

        Assert.Equal(
            update.Contents.Select(content => content.GetType()),
            back.Contents.Select(content => content.GetType())
        );
        Assert.Equal(0L, Assert.IsType<long>(back.Contents[0].AdditionalProperties!["index"]));
        var reasoning = (TextReasoningContent)back.Contents[1];
        Assert.Equal(("because", "opaque"), (reasoning.Text, reasoning.ProtectedData));
        var data = (DataContent)back.Contents[2];
        Assert.Equal(new byte[] { 0, 255, 7 }, data.Data.ToArray());
        Assert.Equal(("application/octet-stream", "some.bin"), (data.MediaType, data.Name));
        Assert.Equal(((DataContent)update.Contents[3]).Uri, ((DataContent)back.Contents[3]).Uri);
        Assert.Equal(new Uri("https://example.org/picture.png"), ((UriContent)back.Contents[4]).Uri);
        var call = (FunctionCallContent)back.Contents[5];
        Assert.Equal(("c1", "weather"), (call.CallId, call.Name));
        Assert.Equal("Ulm", Assert.IsType<string>(call.Arguments!["city"]));
        Assert.Equal(3, Assert.IsType<int>(call.Arguments["days"]));
        Assert.Equal(12, ((UsageContent)back.Contents[6]).Details.TotalTokenCount);
        Assert.Equal(4, ((UsageContent)back.Contents[6]).Details.CachedInputTokenCount);
        var error = (ErrorContent)back.Contents[7];
        Assert.Equal(("overloaded", "529", "later"), (error.Message, error.ErrorCode, error.Details));
        Assert.Equal("f1", ((HostedFileContent)back.Contents[8]).FileId);
        Assert.Equal(("it", "m1", "r1", "k1"), (back.AuthorName, back.MessageId, back.ResponseId, back.ConversationId));
        Assert.Equal(Time, back.CreatedAt);
        Assert.Equal((ChatFinishReason.ToolCalls, "some-model"), (back.FinishReason, back.ModelId));
        Assert.Equal(new byte[] { 9, 8 }, back.ContinuationToken!.ToBytes().ToArray());
        Assert.True(Assert.IsType<bool>(back.AdditionalProperties!["final"]));
    }

    [Fact]
    public void Data_OfContents_StandsApartOnce()
    {
        var bytes = new byte[] { 1, 2, 3 };

        var answer = ClientAnswer.Of(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, [new DataContent(bytes, "image/png")]))
        );

        Assert.Equal(bytes, Assert.Single(answer.Data!));
        Assert.DoesNotContain("base64", answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void FailureOfFunction_ComesBackNamed()
    {
        var call = new FunctionCallContent("c1", "weather")
        {
            Exception = new FormatException("no JSON", new JsonException("at 3")),
        };

        var back = Again(new ChatResponse(new ChatMessage(ChatRole.Assistant, [call])));

        var failure = Assert.IsType<RecordedException>(((FunctionCallContent)back.Messages[0].Contents[0]).Exception);
        Assert.Equal(("System.FormatException", "no JSON"), (failure.TypeName, failure.RecordedMessage));
        Assert.Equal("at 3", Assert.IsType<RecordedException>(failure.InnerException).RecordedMessage);
    }

    [Fact]
    public void Embeddings_ComeBackToTheLastBit()
    {
        float[] vector = [0.1f, -0f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity];
        var made = new GeneratedEmbeddings<Embedding<float>>([
            new(vector)
            {
                ModelId = "e",
                CreatedAt = Time,
                AdditionalProperties = new() { ["index"] = 0 },
            },
            new(ReadOnlyMemory<float>.Empty),
        ])
        {
            Usage = new UsageDetails { InputTokenCount = 5 },
            AdditionalProperties = new() { ["object"] = "list" },
        };

        var back = Again(RecordedEmbeddings<Embedding<float>>.Of(made)).ToGenerated();

        Assert.Equal(Bits(vector), Bits(back[0].Vector.ToArray()));
        Assert.Equal(("e", Time), (back[0].ModelId, back[0].CreatedAt));
        Assert.Equal(0, Assert.IsType<int>(back[0].AdditionalProperties!["index"]));
        Assert.Equal(0, back[1].Vector.Length);
        Assert.Equal(5, back.Usage!.InputTokenCount);
        Assert.Equal("list", back.AdditionalProperties!["object"]);

        static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
    }

    [Fact]
    public void Embeddings_OfOtherNumbers_ComeBack()
    {
        Assert.Equal(
            [0.1, double.NaN, -0d],
            Again(
                RecordedEmbeddings<Embedding<double>>.Of(new([new Embedding<double>(new[] { 0.1, double.NaN, -0d })]))
            )
                .Embeddings[0]
                .Vector.ToArray()
        );
        Assert.Equal(
            [(Half)0.1f, Half.Epsilon],
            Again(
                RecordedEmbeddings<Embedding<Half>>.Of(new([new Embedding<Half>(new[] { (Half)0.1f, Half.Epsilon })]))
            )
                .Embeddings[0]
                .Vector.ToArray()
        );
        var binary = new BinaryEmbedding(new System.Collections.BitArray([true, false, true]));
        Assert.Equal(
            [true, false, true],
            Again(RecordedEmbeddings<BinaryEmbedding>.Of(new([binary]))).Embeddings[0].Vector.Cast<bool>()
        );
    }

    [Fact]
    public void Content_OfTypeThatTheLibraryDoesNotKnow_IsRefused()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new UnknownContent()]));

        var refusal = Assert.Throws<NotRecordableException>(() => ClientAnswer.Of(response));

        Assert.Contains(nameof(UnknownContent), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"messages":[{"role":"assistant","contents":[{"$type":"data","uri":{"mediaType":"image/png","data":1}}]}]}"""
    )]
    [InlineData("""{"messages":[{"role":"assistant","contents":[{"$type":"data","uri":{"data":0}}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","contents":[{"$type":"data","uri":[0]}]}]}""")]
    [InlineData("""{"messages":[],"additionalProperties":{"a":{"$type":"System.Diagnostics.Process","value":1}}}""")]
    [InlineData("""{"messages":[],"additionalProperties":{"a":{"$type":"int"}}}""")]
    [InlineData(
        """{"messages":[{"role":"assistant","contents":[{"$type":"functionCall","name":"a","callId":"b","exception":{}}]}]}"""
    )]
    [InlineData("null")]
    public void Read_OfEditedAnswer_IsAJsonException(string edited)
    {
        var answer = new ClientAnswer<ChatResponse>
        {
            Json = JsonElement.Parse(edited),
            Data =
            [
                [1],
            ],
        };

        Assert.Throws<JsonException>(answer.Read);
    }

    private static T Again<T>(T answer)
        where T : class
    {
        var written = ClientAnswer.Of(answer);
        Assert.Same(answer, written.Read());
        // As a file would hold it.
        var file = JsonSerializer.Serialize(written.Json);
        return new ClientAnswer<T>
        {
            Json = JsonElement.Parse(file),
            Data = written.Data,
            Vectors = written.Vectors,
        }.Read();
    }

    private sealed class UnknownContent : AIContent;
}

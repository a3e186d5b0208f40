using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Recordings.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Recordings.Tests.Requests;

public sealed class RequestFormsTests
{
    private static readonly Digest Weights = Digest.Of("weights"u8);

    [Fact]
    public void Of_Call_NamesAllThatItsAnswerDependsOn()
    {
        var deployment = new Deployment("My.Service")
        {
            Configuration = new Configuration("cpu", 2),
            Models = [new ModelPin(Weights)],
        };
        var call = new RecordedCall(deployment, "Chat") { TypeArguments = [typeof(int), typeof(List<string>)] }
            .With("prompt", "Grüezi")
            .With("max_tokens", 20);

        var request = Asked.Forms().Of(call);

        Assert.Equal(
            $$"""{"arguments":{"max_tokens":20,"prompt":"Grüezi"},"configuration":{"$type":"{{typeof(Configuration)}}","device":"cpu","threads":2},"deployment":"My.Service","kind":"recording","method":"Chat","models":["{{Weights}}"],"types":["System.Int32","System.Collections.Generic.List`1[System.String]"],"version":1}""",
            Asked.Request(request)
        );
        Assert.Equal(("recording", "My.Service", "Chat"), (request.Key.Kind, request.Deployment, request.Method));
    }

    [Fact]
    public void Of_Call_IsTheKeyOfItsDocument()
    {
        var request = Asked
            .Forms()
            .Of(
                new RecordedCall(new Deployment("a\n\u2028\ud83d\ude00"), "b")
                    .With("numbers", new[] { 0.1, 1e300, -1e-9, double.NaN })
                    .With("large", long.MaxValue)
                    .With("text", "\u0001\"\\/")
            );

        Assert.Equal(EntryKey.Of(JsonNode.Parse(request.Key.Request.Span)!.AsObject()), request.Key);
    }

    [Fact]
    public void Of_ArgumentsInAnotherOrder_IsTheSame()
    {
        var deployment = new Deployment("a");

        Assert.Equal(
            Asked.Forms().Of(new RecordedCall(deployment, "b").With("x", 1).With("y", 2)).Key,
            Asked.Forms().Of(new RecordedCall(deployment, "b").With("y", 2).With("x", 1)).Key
        );
    }

    [Fact]
    public void Of_AnotherCulture_IsTheSame()
    {
        static string Now() => Asked.Value(new object[] { 1234567.5, -3, new DateOnly(2026, 1, 2), 0.5m });
        var expected = Now();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal(expected, Now());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Of_ConfigurationThatChanged_IsAnother()
    {
        var forms = Asked.Forms();
        var configuration = new Dictionary<string, int> { ["threads"] = 1 };
        var deployment = new Deployment("a") { Configuration = configuration };
        var before = forms.Of(new RecordedCall(deployment, "b")).Key;

        configuration["threads"] = 2;

        Assert.NotEqual(before, forms.Of(new RecordedCall(deployment, "b")).Key);
    }

    [Fact]
    public void Of_AnotherModelDeploymentMethodOrType_IsAnother()
    {
        var deployment = new Deployment("a");
        RecordedCall[] calls =
        [
            new(deployment, "b"),
            new(deployment, "c"),
            new(new Deployment("b"), "b"),
            new(deployment with { Models = [new ModelPin(Weights)] }, "b"),
            new(deployment with { Configuration = "x" }, "b"),
            new(deployment, "b") { TypeArguments = [typeof(int)] },
            new RecordedCall(deployment, "b").With("x", (string?)null),
        ];
        var forms = Asked.Forms();

        Assert.Equal(calls.Length, calls.Select(call => forms.Of(call).Key).Distinct().Count());
    }

    [Fact]
    public void Of_ConfigurationThatCannotBeWritten_IsRefusedWithItsPath() =>
        Assert.Equal(
            "$.configuration.callback",
            Assert
                .Throws<NotRecordableException>(() =>
                    Asked
                        .Forms()
                        .Of(
                            new RecordedCall(
                                new Deployment("a") { Configuration = new { Callback = (Action)GC.Collect } },
                                "b"
                            )
                        )
                )
                .Place
        );

    [Fact]
    public void Of_AfterAFailure_WritesTheNextCall()
    {
        var forms = Asked.Forms();
        Asked.Refusal((Action)GC.Collect, forms);

        Assert.Equal("1", Asked.Value(1, forms));
    }

    [Fact]
    public void Of_PropertyThatThrows_IsRefusedWithoutItsMessage()
    {
        var refusal = Asked.Refusal(new Throwing());

        Assert.Equal("$.arguments.x.value", refusal.Place);
        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(refusal.InnerException);
    }

    [Fact]
    public void Of_MethodNameOfTwoHundredAndOne_IsRefused()
    {
        var deployment = new Deployment("a");

        Asked.Forms().Of(new RecordedCall(deployment, new string('m', 200)));
        Assert.Throws<NotRecordableException>(() =>
            Asked.Forms().Of(new RecordedCall(deployment, new string('m', 201)))
        );
    }

    [Fact]
    public void Of_ManyThreadsAtOnce_GivesEachItsOwn()
    {
        var forms = Asked.Forms();
        var expected = Enumerable.Range(0, 100).Select(i => Asked.Value(i, forms)).ToArray();

        Parallel.For(0, 5000, i => Assert.Equal(expected[i % 100], Asked.Value(i % 100, forms)));
    }

    [Theory]
    [InlineData(typeof(CancellationToken), true)]
    [InlineData(typeof(CancellationToken?), true)]
    [InlineData(typeof(IProgress<int>), true)]
    [InlineData(typeof(Progress<int>), true)]
    [InlineData(typeof(ILogger), true)]
    [InlineData(typeof(ILogger<string>), true)]
    [InlineData(typeof(ILoggerFactory), true)]
    [InlineData(typeof(NullLogger), true)]
    [InlineData(typeof(CancellationTokenSource), false)]
    [InlineData(typeof(object), false)]
    [InlineData(typeof(string), false)]
    public void IsLeftOut_Type_IsWhetherNoAnswerDependsOnIt(Type type, bool expected) =>
        Assert.Equal(expected, RequestForms.IsLeftOut(type));

    [Fact]
    public void Of_WhatNoAnswerDependsOn_IsLeftOut()
    {
        var plain = new RecordedCall(new Deployment("a"), "b").With("options", new Options { Steps = 3 });
        var full = new RecordedCall(new Deployment("a"), "b")
            .With("token", new CancellationTokenSource().Token)
            .With("logger", (ILogger?)NullLogger.Instance)
            .With(
                "options",
                new Options(NullLogger.Instance)
                {
                    Steps = 3,
                    Progress = new Progress<int>(),
                    Tag = "x",
                }
            );

        Assert.Equal(Asked.Forms().Of(plain).Key, Asked.Forms().Of(full).Key);
        Assert.Equal("null", Asked.Value<object>(NullLogger.Instance));
        Assert.Equal("[null,1]", Asked.Value<object>(new object[] { NullLoggerFactory.Instance, 1 }));
    }

    [Fact]
    public void Rereadable_StreamThatCannotSeek_IsItsContentForBoth()
    {
        using var source = new OnceStream("abc"u8.ToArray());
        source.ReadByte();

        var copy = Assert.IsType<Stream>(RequestForms.Rereadable(source), exactMatch: false);

        Assert.Equal(Asked.Value<Stream>(new MemoryStream("bc"u8.ToArray())), Asked.Value(copy));
        Assert.Equal("bc", new StreamReader(copy).ReadToEnd());
        copy.Dispose();
        Assert.True(source.IsDisposed);
    }

    [Fact]
    public void Rereadable_AnythingElse_IsItself()
    {
        using var seekable = new MemoryStream();

        Assert.Same(seekable, RequestForms.Rereadable(seekable));
        Assert.Equal("a", RequestForms.Rereadable("a"));
        Assert.Null(RequestForms.Rereadable(null));
    }

    private sealed record Configuration(string Device, int Threads);

    private sealed class Throwing
    {
        public string Value => throw new InvalidOperationException("hidden");
    }

    private sealed class Options(ILogger? logger = null)
    {
        private readonly ILogger _logger = logger ?? NullLogger.Instance;

        public int Steps { get; set; }

        public IProgress<int>? Progress { get; set; }

        [NotRecorded]
        public string? Tag { get; set; }

        public override string ToString() => $"{_logger}";
    }
}

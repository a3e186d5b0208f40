using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Tests.Answers.Comparison;

public sealed class OutcomeComparisonTests
{
    private readonly Forms _recorded = new();
    private readonly Forms _live = new();
    private readonly DriftTolerance _tolerance = new();

    [Fact]
    public void Compare_SameAnswers_HaveNoDifference() => Assert.Empty(Compare(new[] { 1, 2 }, new[] { 1, 2 }));

    [Fact]
    public void Compare_NumberBeyondTheTolerance_IsToldWithItsPath()
    {
        _tolerance.Absolute = 0.1;

        Assert.Equal(
            ["$.price: 3.5 was recorded, 3.7 came"],
            Compare(
                new Dictionary<string, double> { ["price"] = 3.5 },
                new Dictionary<string, double> { ["price"] = 3.7 }
            )
        );
        Assert.Empty(Compare(3.5, 3.55));
    }

    [Fact]
    public void Compare_RelativeTolerance_IsAShareOfTheLarger()
    {
        _tolerance.Relative = 0.01;

        Assert.Empty(Compare(1000.0, 1010.0));
        Assert.Single(Compare(1000.0, 1011.0));
        Assert.Single(Compare(0.0, 1e-9));
    }

    [Fact]
    public void Compare_NumbersThatAreNone_AreNearOnlyToThemselves()
    {
        _tolerance.Absolute = 1000;
        _tolerance.Relative = 1;

        Assert.Empty(Compare(double.NaN, double.NaN));
        Assert.Single(Compare(1.0, double.NaN));
        Assert.Single(Compare(double.PositiveInfinity, double.NegativeInfinity));
    }

    [Fact]
    public void Compare_IntegersThatOneDoubleHolds_Differ()
    {
        Assert.Single(Compare(long.MaxValue, long.MaxValue - 1));
        Assert.Single(
            Compare(Enumerable.Repeat(long.MaxValue, 70).ToArray(), Enumerable.Repeat(long.MaxValue - 1, 70).ToArray())
        );
    }

    [Fact]
    public void Compare_Texts_AreAsNearAsTheirEdits()
    {
        _tolerance.Text = 0.2;

        Assert.Empty(Compare("0123456789", "0123x5678y"));
        Assert.Equal(["$: '0123456789' was recorded, '0123xyz789' came"], Compare("0123456789", "0123xyz789"));
        Assert.Single(Compare("", "a"));
    }

    [Fact]
    public void Compare_Tensors_AreToldInOneSentence()
    {
        _tolerance.TensorAbsolute = 0.01;
        var recorded = RecordedTensor.Of<float>([.. Enumerable.Repeat(0.5f, 100)], 10, 10);
        var values = Enumerable.Repeat(0.5f, 100).ToArray();
        values[0] = 0.505f;
        values[37] = 0.75f;
        values[99] = 0.6f;

        Assert.Equal(
            ["$: 2 of 100 elements differ, the most at [3, 7]: 0.5 was recorded, 0.75 came"],
            Compare(recorded, RecordedTensor.Of<float>(values, 10, 10))
        );
        Assert.Equal(
            ["$: float32[10,10] was recorded, float32[100] came"],
            Compare(recorded, RecordedTensor.Of<float>(values, 100))
        );
    }

    [Fact]
    public void Compare_Images_AreToldByTheirPixels()
    {
        var recorded = new RecordedImage(2, 1, 3, new byte[6]);
        var live = new RecordedImage(2, 1, 3, new byte[] { 0, 0, 0, 0, 9, 3 });

        Assert.Equal(
            ["$: 2 of 6 elements differ, the most at [0, 1, 1]: 0 was recorded, 9 came"],
            Compare(recorded, live)
        );
        _tolerance.TensorAbsolute = 9;
        Assert.Empty(Compare(recorded, live));
    }

    [Fact]
    public void Compare_Audio_IsToldByItsSamplesAndItsRate()
    {
        var recorded = new RecordedAudio(16000, 1, new float[] { 0, 0.5f });
        _tolerance.Absolute = 0.1;

        Assert.Empty(Compare(recorded, new RecordedAudio(16000, 1, new float[] { 0.05f, 0.5f })));
        Assert.Single(Compare(recorded, new RecordedAudio(16000, 1, new float[] { 0.2f, 0.5f })));
        Assert.Contains(
            "8000 Hz",
            Assert.Single(Compare(recorded, new RecordedAudio(8000, 1, new float[] { 0, 0.5f }))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Compare_Structure_IsToldWithPaths() =>
        Assert.Equal(
            [
                "$.a[1]: 2 was recorded, '2' came",
                "$.b: 'x' was recorded, nothing came",
                "$.d: 2 items were recorded, 1 came",
                "$.c: nothing was recorded, null came",
            ],
            Compare(
                JsonElement.Parse("""{"a": [1, 2], "b": "x", "d": [1, 2]}"""),
                JsonElement.Parse("""{"a": [1, "2"], "c": null, "d": [1]}""")
            )
        );

    [Fact]
    public void Compare_ObjectThatOnlyLooksLikeATensor_IsComparedAsAnObject() =>
        Assert.Equal(
            ["$.$tensor: 'a' was recorded, 'b' came"],
            Compare(JsonElement.Parse("""{"$tensor": "a"}"""), JsonElement.Parse("""{"$tensor": "b"}"""))
        );

    [Fact]
    public void Compare_FilesOfBytes_AreNeverNearlyTheSame()
    {
        _tolerance.Text = 0.99;

        Assert.Single(
            Compare(new byte[2000], [.. new byte[1999], 1]),
            line => line.Contains("$file", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Compare_Streams_CountItemsAndTheirBoundaries()
    {
        var differences = Compare(Stream("ab", "c"), Stream("a", "bc"));

        Assert.Equal(
            ["$.items[0]: 'ab' was recorded, 'a' came", "$.items[1]: 'c' was recorded, 'bc' came"],
            differences
        );
        Assert.Equal(["$.items: 2 items were recorded, 1 came"], Compare(Stream("ab", "c"), Stream("ab")));
    }

    [Fact]
    public void Compare_Errors_AreToldByTypeAndMessage()
    {
        var recorded = Outcome(error: new InvalidOperationException("a"));

        Assert.Empty(Compare(recorded, Outcome(error: new InvalidOperationException("a"))));
        Assert.Equal(
            [
                "$.error.type: System.InvalidOperationException was recorded, System.TimeoutException came",
                "$.error.message: 'a' was recorded, 'b' came",
            ],
            Compare(recorded, Outcome(error: new TimeoutException("b")))
        );
        Assert.Equal(
            ["$: an answer was recorded, an error came ('a')"],
            Compare(new RecordedOutcome("T") { Answer = JsonElement.Parse("1") }, recorded)
        );
        Assert.Equal(
            ["$.error: none was recorded, 'x' came"],
            Compare(Stream("a"), Stream("a") with { Error = JsonElement.Parse(_live.WriteError(new IOException("x"))) })
        );
    }

    [Fact]
    public void Compare_NumbersFarBelowOne_Differ()
    {
        // As decimals both are zero, or the same after 28 places.
        Assert.Single(Compare(1e-30, 2e-30));
        Assert.Single(Compare(1.23456e-25, 1.23457e-25));
        Assert.Empty(Compare(1.50m, 1.5m));
    }

    [Fact]
    public void Compare_ErrorsOfOneMessage_AreToldByWhatTheyHoldAndTheirInnerErrors()
    {
        Assert.Equal(
            ["$.error.details.StatusCode: 'NotFound' was recorded, 'TooManyRequests' came"],
            Compare(
                Outcome(new HttpRequestException("no", null, System.Net.HttpStatusCode.NotFound)),
                Outcome(new HttpRequestException("no", null, System.Net.HttpStatusCode.TooManyRequests))
            )
        );
        Assert.Equal(
            [
                "$.error.inner.type: System.IO.IOException was recorded, System.TimeoutException came",
                "$.error.inner.inner: none was recorded, 'c' came",
            ],
            Compare(
                Outcome(new InvalidOperationException("a", new IOException("b"))),
                Outcome(new InvalidOperationException("a", new TimeoutException("b", new IOException("c"))))
            )
        );
        Assert.Equal(
            ["$.error.inner[1]: 'c' was recorded, none came"],
            Compare(
                Outcome(new AggregateException("a", new IOException("b"), new IOException("c"))),
                WithMessageOf(
                    new AggregateException("a", new IOException("b"), new IOException("c")),
                    new AggregateException("a", new IOException("b"))
                )
            )
        );
    }

    [Fact]
    public void Compare_TooManyDifferences_AreCounted()
    {
        var differences = Compare(Enumerable.Range(0, 60).ToArray(), Enumerable.Range(1, 60).ToArray());

        Assert.Equal(51, differences.Count);
        Assert.Equal("$: 10 more differences", differences[^1]);
    }

    [Fact]
    public void Compare_LongTextsFarApart_EndsSoon()
    {
        _tolerance.Text = 0.5;

        var difference = Assert.Single(Compare(new string('a', 2_000_000), new string('b', 2_000_000)));

        Assert.Contains("are compared up to", difference, StringComparison.Ordinal);
    }

    private RecordedOutcome Stream(params string[] items) =>
        new("System.String") { Items = [.. items.Select(item => JsonElement.Parse(_recorded.Write(item)))] };

    // An aggregate tells its inner errors in its own message, which would differ as well.
    private RecordedOutcome WithMessageOf(AggregateException other, AggregateException error) =>
        new("T")
        {
            Error = JsonElement.Parse(
                _recorded.WriteError(error).Replace(error.Message, other.Message, StringComparison.Ordinal)
            ),
        };

    private RecordedOutcome Outcome(Exception error) =>
        new("T") { Error = JsonElement.Parse(_recorded.WriteError(error)) };

    private IReadOnlyList<string> Compare<T>(T recorded, T live) =>
        Compare(
            new RecordedOutcome("T") { Answer = JsonElement.Parse(_recorded.Write(recorded)) },
            new RecordedOutcome("T") { Answer = JsonElement.Parse(_live.Write(live)) }
        );

    private IReadOnlyList<string> Compare(RecordedOutcome recorded, RecordedOutcome live) =>
        new OutcomeComparison(_tolerance).Compare(recorded, _recorded.Attachments, live, _live.Attachments);
}

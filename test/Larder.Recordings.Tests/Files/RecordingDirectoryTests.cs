using System.Text;
using Larder.Content;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed partial class RecordingDirectoryTests : IDisposable
{
    private static readonly RecordingRequest Request = Samples.Asking("What is 2+2?");

    private readonly TempDirectory _temp = new();
    private readonly RecordingDirectory _directory;

    public RecordingDirectoryTests() => _directory = new RecordingDirectory(_temp["recordings"], Samples.Later());

    private string File_ => RecordingLayout.FileOf(_directory.Path, Request);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Find_NothingRecorded_IsNull() => Assert.Null(_directory.Find(Request));

    [Fact]
    public void Find_Recorded_GivesTheAnswer()
    {
        var file = Write("4");

        var found = _directory.Find(Request)!;

        Assert.Equal(file, found.File);
        Assert.Equal("System.String", found.Outcome.Type);
        Assert.Equal("4", found.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Find_AnotherQuestion_IsNullAndNeverTheNearest()
    {
        Write("4");

        Assert.Null(_directory.Find(Samples.Asking("What is 9*9?")));
    }

    [Fact]
    public void Find_Again_ReadsNoFile()
    {
        Write("4");
        var first = _directory.Find(Request);

        Assert.Same(first, _directory.Find(Request));
    }

    [Fact]
    public void Find_WrittenAnewByAnother_GivesTheNewAnswer()
    {
        Write("4");
        _directory.Find(Request);

        new RecordingDirectory(_directory.Path).Write(Request, Samples.Answer("5"), [], replace: true);

        Assert.Equal("5", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Find_EditedInPlaceToTheSameLength_GivesTheEditedAnswer()
    {
        Write("4");
        _directory.Find(Request);

        Edit(text => text.Replace("\"value\": \"4\"", "\"value\": \"5\"", StringComparison.Ordinal));

        Assert.Equal("5", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Find_RemovedMeanwhile_IsNull()
    {
        var file = Write("4");
        _directory.Find(Request);

        File.Delete(file);

        Assert.Null(_directory.Find(Request));
    }

    [Fact]
    public void Find_YoungFile_IsNotRemembered()
    {
        // By the clock of files it may change once more without a sign.
        Write("4");
        var clock = new ManualTimeProvider();
        clock.Advance(new DateTimeOffset(File.GetLastWriteTimeUtc(File_)) - clock.GetUtcNow());
        var directory = new RecordingDirectory(_directory.Path, clock);

        Assert.NotSame(directory.Find(Request), directory.Find(Request));
    }

    [Fact]
    public void Find_LineEndsOfAnotherSystem_AreRead()
    {
        Write("4");

        Edit(text => text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal("4", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Find_MarkOfByteOrder_IsRead()
    {
        Write("4");

        Edit(text => "\uFEFF" + text);

        Assert.Equal("4", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Find_RequestWithNumbersInAnotherForm_IsTheSameRequest()
    {
        var request = Samples.Request(new() { ["steps"] = 30, ["scale"] = 0.5 });
        _directory.Write(request, Samples.Answer("4"), [], replace: true);

        Edit(
            text =>
                text.Replace("\"steps\": 30", "\"steps\": 30.0", StringComparison.Ordinal)
                    .Replace("\"scale\": 0.5", "\"scale\": 0.50000000000000000001", StringComparison.Ordinal),
            RecordingLayout.FileOf(_directory.Path, request)
        );

        Assert.NotNull(_directory.Find(request));
    }

    [Theory]
    [InlineData("What is \"5\"?\r\n\t\\ \u0001")]
    [InlineData("Größe, 数, 😀, \u202Eesrever, \u2028, \uFEFF")]
    [InlineData("")]
    public void Find_AnyText_ComesBackAsItIs(string text)
    {
        var request = Samples.Asking(text);
        _directory.Write(request, Samples.Answer(text), [], replace: true);

        Assert.Equal(text, _directory.Find(request)!.Outcome.Answer!.Value.GetString());
    }

    [Theory]
    [InlineData("int", "42")]
    [InlineData("System.String", "\"an exception\"")]
    [InlineData("System.String", "null")]
    [InlineData("System.Object", "{\"exception\": {\"type\": \"x\"}}")]
    [InlineData("double[]", "[1.0, 1e2, -0.0, 12345678901234567890]")]
    public void Find_AnswersThatLookLikeSomethingElse_ComeBackAsTheyAre(string type, string json)
    {
        _directory.Write(Request, Samples.Answer(type, json), [], replace: true);

        var outcome = _directory.Find(Request)!.Outcome;

        Assert.Equal(type, outcome.Type);
        Assert.Equal(
            json.Replace(" ", "", StringComparison.Ordinal),
            outcome.Answer!.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("")
        );
    }

    [Fact]
    public void Find_CallThatAnsweredNothing_HasNoAnswer()
    {
        _directory.Write(Request, new RecordedOutcome(RecordedOutcome.Nothing), [], replace: true);

        var outcome = _directory.Find(Request)!.Outcome;

        Assert.Equal(RecordedOutcome.Nothing, outcome.Type);
        Assert.Null(outcome.Answer);
        Assert.Null(outcome.Error);
    }

    [Fact]
    public void Find_StreamThatFailed_HasItsItemsTheirTimesAndTheError()
    {
        var recorded = new RecordedOutcome("System.Int32")
        {
            Items = [Samples.Json("1"), Samples.Json("2")],
            Milliseconds = [0.5, 12],
            Error = Samples.Json("""{"type": "System.TimeoutException", "message": "late"}"""),
        };
        _directory.Write(Request, recorded, [], replace: true);

        var outcome = _directory.Find(Request)!.Outcome;

        Assert.Equal("System.Int32", outcome.Type);
        Assert.Equal([1, 2], outcome.Items!.Select(item => item.GetInt32()));
        Assert.Equal([0.5, 12], outcome.Milliseconds!);
        Assert.Equal("late", outcome.Error!.Value.GetProperty("message").GetString());
    }

    [Fact]
    public void Find_Attachments_AreReadFromBesideTheRecording()
    {
        var attachments = new Attachments();
        var bytes = TestBytes.Of(5000);
        var name = attachments.Add(bytes, "npy");
        _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);

        var found = _directory.Find(Request)!;

        Assert.Equal(bytes, found.Attachments.Read(name).ToArray());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(found.File)!, name)));
    }

    [Fact]
    public void Find_TwoDeploymentsThatShareAFolder_AreTwo()
    {
        var (left, right) = (Samples.Asking("same", "A:B"), Samples.Asking("same", "A/B"));
        _directory.Write(left, Samples.Answer("left"), [], replace: true);
        _directory.Write(right, Samples.Answer("right"), [], replace: true);

        Assert.Equal("left", _directory.Find(left)!.Outcome.Answer!.Value.GetString());
        Assert.Equal("right", _directory.Find(right)!.Outcome.Answer!.Value.GetString());
        Assert.Single(Directory.GetDirectories(_directory.Path));
    }

    [Fact]
    public async Task Find_WhileAnotherWritesAnew_IsAlwaysOneOfTheAnswersWhole()
    {
        string[] answers = [new('a', 10_000), new('b', 20_000)];
        Write(answers[0]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writer = Task.Run(
            () =>
            {
                for (var i = 1; i <= 100; i++)
                    new RecordingDirectory(_directory.Path).Write(Request, Samples.Answer(answers[i % 2]), [], true);
            },
            stop.Token
        );

        var reads = 0;
        while (!writer.IsCompleted)
        {
            Assert.Contains(_directory.Find(Request)!.Outcome.Answer!.Value.GetString(), answers);
            reads++;
        }
        await writer;
        Assert.True(reads > 0);
    }

    private string Write(string answer) => _directory.Write(Request, Samples.Answer(answer), [], replace: true);

    // As an editor does that keeps the file: with another length of time or bytes, or the same.
    private void Edit(Func<string, string> change, string? file = null)
    {
        file ??= File_;
        var text = File.ReadAllText(file);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        File.WriteAllText(file, changed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private static Digest KeyOf(RecordingRequest request) => request.Key.Digest;
}

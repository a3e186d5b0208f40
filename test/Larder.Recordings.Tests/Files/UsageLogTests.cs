using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed class UsageLogTests : IDisposable
{
    private static readonly RecordingRequest First = Samples.Asking("first");
    private static readonly RecordingRequest Second = Samples.Asking("second");

    private readonly TempDirectory _temp = new();
    private readonly ManualTimeProvider _clock = new();

    private string Folder => _temp[".usage"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Note_Twice_IsOneLineAfterTheHeader()
    {
        using (var log = new UsageLog(_temp.Path, _clock) { Run = "r", Mode = RecordingMode.Replay })
        {
            log.Note(First.Key);
            log.Note(First.Key);
            log.Note(Second.Key);
        }

        Assert.Equal(
            [
                """{"format":1,"run":"r","mode":"Replay","started":"2025-01-01T00:00:00.0000000Z"}""",
                $$"""{"key":"{{First.Key.Digest}}"}""",
                $$"""{"key":"{{Second.Key.Digest}}"}""",
                """{"closed":"2025-01-01T00:00:00.0000000Z"}""",
            ],
            File.ReadLines(Assert.Single(Logs()))
        );
    }

    [Fact]
    public void Note_First_KeepsNotesOutOfVersionControl()
    {
        using var log = new UsageLog(_temp.Path, _clock);
        log.Note(First.Key);

        Assert.Equal("*\n", File.ReadAllText(Path.Combine(Folder, ".gitignore")));
    }

    [Fact]
    public void Dispose_NothingNoted_WritesNothing()
    {
        new UsageLog(_temp.Path, _clock).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Note_DirectoryThatCannotBeWritten_IsPassedOver()
    {
        File.WriteAllText(Folder, "a file in its place");
        var log = new UsageLog(_temp.Path, _clock);

        log.Note(First.Key);
        log.Note(Second.Key);
        log.Dispose();

        Assert.Equal([Folder], Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Note_AfterTheEnd_IsPassedOver()
    {
        var log = new UsageLog(_temp.Path, _clock);
        log.Note(First.Key);
        log.Dispose();
        var before = File.ReadAllText(Assert.Single(Logs()));

        log.Note(Second.Key);
        log.Dispose();

        Assert.Equal(before, File.ReadAllText(Assert.Single(Logs())));
    }

    [Fact]
    public async Task Note_ManyThreads_EveryKeyIsNotedOnce()
    {
        var requests = Enumerable.Range(0, 200).Select(i => Samples.Asking($"{i}")).ToList();
        using (var log = new UsageLog(_temp.Path, _clock))
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(_ =>
                        Task.Run(
                            () => requests.ForEach(request => log.Note(request.Key)),
                            TestContext.Current.CancellationToken
                        )
                    )
            );
        }

        var lines = await File.ReadAllLinesAsync(Assert.Single(Logs()), TestContext.Current.CancellationToken);
        Assert.Equal(202, lines.Length);
        Assert.Equal(200, UsageRecord.TryRead(Assert.Single(Logs()))!.Keys.Count);
    }

    [Fact]
    public void Run_Default_IsWhatTheEnvironmentSays()
    {
        using var log = new UsageLog(_temp.Path, _clock);

        Assert.Equal(Environment.GetEnvironmentVariable("LARDER_RECORDINGS_RUN"), log.Run);
    }

    [Fact]
    public void TryRead_WriterWasKilledInALine_GivesWhatIsWhole()
    {
        Write("r", First);
        var file = Assert.Single(Logs());
        File.WriteAllText(file, string.Join('\n', File.ReadLines(file).Take(2)) + "\n{\"key\":\"0");

        var record = UsageRecord.TryRead(file)!;

        Assert.Equal([First.Key.Digest], record.Keys);
        Assert.False(record.IsClosed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"format":2,"run":"r","started":"2025-01-01T00:00:00Z"}""")]
    [InlineData("""{"format":1,"run":7,"started":"2025-01-01T00:00:00Z"}""")]
    [InlineData("""{"format":1,"run":"r","started":"soon"}""")]
    [InlineData("""{"format":1,"run":"r","started":null}""")]
    public void TryRead_NoLog_IsNull(string content)
    {
        File.WriteAllText(_temp["log"], content);

        Assert.Null(UsageRecord.TryRead(_temp["log"]));
    }

    [Fact]
    public void Dispose_ManyLogs_KeepsTheLastRunsAndTheLastLogs()
    {
        for (var i = 0; i < 6; i++)
        {
            Write($"run-{i}", First);
            Write($"run-{i}", Second);
            for (var part = 0; part < 16; part++)
                Write(name: null, First);
        }

        var book = UsageBook.Read(_temp.Path);
        var records = Logs().Select(file => UsageRecord.TryRead(file)!).ToList();

        Assert.InRange(records.Count, 50, 107);
        Assert.Equal(["run-5", "run-5"], book.LastRun.Select(record => record.Run));
        Assert.Equal(2, records.Count(record => record.Run == "run-4"));
        Assert.Equal(2, records.Count(record => record.Run == "run-3"));
    }

    [Fact]
    public void Dispose_ManyLogsSinceTheLastRun_LosesNoUse()
    {
        Write("run", First);
        Write(name: null, Second);
        for (var i = 0; i < 150; i++)
            Write(name: null, First);

        var book = UsageBook.Read(_temp.Path);

        Assert.InRange(Logs().Length, 2, 107);
        Assert.Contains(Second.Key.Digest, book.UsedSince(book.LastRun[0].Started));
    }

    private string[] Logs() => Directory.GetFiles(Folder, "*.jsonl");

    private void Write(string? name, RecordingRequest request)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var log = new UsageLog(_temp.Path, _clock) { Run = name };
        log.Note(request.Key);
    }
}

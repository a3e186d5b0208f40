using Larder.Content;
using Larder.Store;
using Larder.Store.Usage;
using Larder.TestKit;

namespace Larder.Tests.Store.Usage;

public sealed class UsageBookTests : IDisposable
{
    private static readonly Digest Model = Digest.Of("model"u8);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _directory = new();
    private readonly RecordingLoggerFactory _log = new();
    private readonly StoreLayout _layout;

    public UsageBookTests()
    {
        _layout = new StoreLayout(_directory.Path);
        Directory.CreateDirectory(_layout.Usage);
    }

    private UsageBook Book => new(_layout);

    [Fact]
    public void Sum_TwoLogs_CountsBoth()
    {
        using var first = Open();
        using var second = Open();
        first.Append(Hit(Start));
        second.Append(
            new UsageRecord
            {
                Time = Start,
                Key = Model,
                BytesFetched = 7,
                BytesSaved = 3,
            }
        );
        second.Append(new UsageRecord { Time = Start, Evictions = 4 });
        second.Append(new UsageRecord { Time = Start, Failures = 2 });

        var expected = new UsageTotals
        {
            Hits = 1,
            Misses = 1,
            BytesFetched = 7,
            BytesSaved = 13,
            TimeSaved = TimeSpan.FromSeconds(2),
            Evictions = 4,
            Failures = 2,
        };
        Assert.Equal(expected, Book.Sum());
        Assert.Equal(expected, Book.Read().Totals);
    }

    [Theory]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","hit": true, "bytes_fet""")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"hit": true, "bytes_fetched": 0, "bytes_saved": 0, "seconds_saved": 0}""")]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","hit": true, "seconds_saved": 1e300}""")]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","hit": true, "bytes_fetched": 1e300}""")]
    public void Sum_BrokenLine_IsLeftOut(string line)
    {
        using var log = Open();
        log.Append(Hit(Start));
        File.WriteAllText(Path.Combine(_layout.Usage, "dead.jsonl"), line);

        Assert.Equal(1, Book.Sum().Hits);
    }

    [Fact]
    public void Fold_LogsOfEndedProcesses_AreInTheSummaryAndGone()
    {
        for (var i = 0; i < 3; i++)
        {
            using var ended = Open();
            ended.Append(Hit(Start.AddDays(i)));
        }
        using var living = Open();
        living.Append(Hit(Start));

        Book.Fold();

        Assert.Single(Directory.GetFiles(_layout.Usage, "*.jsonl"));
        Assert.Equal(4, Book.Sum().Hits);
        var use = Book.Read().Entries[Model];
        Assert.Equal((4, Start.AddDays(2)), (use.Uses, use.LastUse));
    }

    [Fact]
    public void Fold_DiedBeforeItRemovedTheLogs_CountsNothingTwice()
    {
        string log;
        using (var ended = Open())
            ended.Append(Hit(Start));
        log = Assert.Single(Directory.GetFiles(_layout.Usage, "*.jsonl"));
        var bytes = File.ReadAllBytes(log);
        Book.Fold();
        File.WriteAllBytes(log, bytes);

        Assert.Equal(1, Book.Sum().Hits);
        Assert.Equal(1, Book.Read().Totals.Hits);
        Book.Fold();
        Assert.Equal(1, Book.Sum().Hits);
        Assert.False(File.Exists(log));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"format\":999,\"hits\":7,\"entries\":{}}")]
    [InlineData("{\"format\":1,\"hits\":7,")]
    public void Sum_BrokenSummary_CountsTheLogsAlone(string summary)
    {
        File.WriteAllText(_layout.Summary, summary);
        using (var ended = Open())
            ended.Append(Hit(Start));

        Assert.Equal(1, Book.Sum().Hits);
        Book.Fold();
        Assert.Equal(1, Book.Sum().Hits);
    }

    [Fact]
    public void Sum_SummaryOfManyEntries_ReadsTheHeadAlone()
    {
        var summary = new UsageSummary();
        for (var i = 0; i < 5000; i++)
            summary.Add(Hit(Start) with { Key = Digest.Of(BitConverter.GetBytes(i)) });
        File.WriteAllBytes(_layout.Summary, [.. summary.Write().AsSpan(0, 1 << 16)]);

        // Cut after the head: what reads all of it finds it broken.
        Assert.Equal(5000, Book.Sum().Hits);
        Assert.Empty(Book.Read().Entries);
    }

    [Fact]
    public void Dispose_WhenManyLogsHaveGathered_FoldsThem()
    {
        for (var i = 0; i <= UsageBook.MostLogs + 1; i++)
        {
            using var ended = Open();
            ended.Append(Hit(Start));
        }

        Assert.True(Directory.GetFiles(_layout.Usage, "*.jsonl").Length < 3);
        Assert.Equal(UsageBook.MostLogs + 2, Book.Sum().Hits);
    }

    [Fact]
    public void Add_Uses_AgeByHalvesEachWeek()
    {
        var use = UseFacts.None.Add(Start).Add(Start.AddDays(7));

        Assert.Equal(1.5, use.AgedAt(Start.AddDays(7)), 9);
        Assert.Equal(0.75, use.AgedAt(Start.AddDays(14)), 9);
        // A clock that was set back makes nothing younger.
        Assert.Equal(1.5, use.AgedAt(Start.AddYears(-10)), 9);
    }

    [Fact]
    public void Append_NoDirectory_WarnsOnceAndGoesOn()
    {
        Directory.Delete(_layout.Usage);
        using var log = Open();

        log.Append(Hit(Start));
        log.Append(Hit(Start));

        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void Append_AfterDispose_DoesNothing()
    {
        var log = Open();
        log.Dispose();

        log.Append(Hit(Start));

        Assert.Empty(Directory.EnumerateFiles(_layout.Usage));
    }

    public void Dispose()
    {
        _log.Dispose();
        _directory.Dispose();
    }

    private static UsageRecord Hit(DateTimeOffset time) =>
        new()
        {
            Time = time,
            Key = Model,
            Hit = true,
            BytesSaved = 10,
            TimeSaved = TimeSpan.FromSeconds(2),
        };

    private UsageLog Open() => new(_layout, _log);
}

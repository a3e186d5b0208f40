using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class UsageLogTests : IDisposable
{
    private static readonly UsageRecord Hit = new(Hit: true, BytesFetched: 0, BytesSaved: 10, TimeSpan.FromSeconds(2));

    private readonly TempDirectory _directory = new();
    private readonly RecordingLoggerFactory _log = new();
    private readonly StoreLayout _layout;

    public UsageLogTests()
    {
        _layout = new StoreLayout(_directory.Path);
        Directory.CreateDirectory(_layout.Usage);
    }

    [Fact]
    public void Sum_TwoLogs_CountsBoth()
    {
        using var first = Open();
        using var second = Open();
        first.Append(Key(), Hit);
        second.Append(Key(), new UsageRecord(Hit: false, BytesFetched: 7, BytesSaved: 3, TimeSpan.Zero));

        var expected = new UsageTotals
        {
            Hits = 1,
            Misses = 1,
            BytesFetched = 7,
            BytesSaved = 13,
            TimeSaved = TimeSpan.FromSeconds(2),
        };
        Assert.Equal(expected, first.Sum());
    }

    [Theory]
    [InlineData("""{"hit": true, "bytes_fet""")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"hit": true, "bytes_fetched": 0, "bytes_saved": 0, "seconds_saved": 1e300}""")]
    [InlineData("""{"hit": true, "bytes_fetched": 1e300, "bytes_saved": 0, "seconds_saved": 0}""")]
    public void Sum_BrokenLine_IsLeftOut(string line)
    {
        using var log = Open();
        log.Append(Key(), Hit);
        File.WriteAllText(Path.Combine(_layout.Usage, "dead.jsonl"), line);

        Assert.Equal(1, log.Sum().Hits);
    }

    [Fact]
    public void Append_NoDirectory_WarnsOnceAndGoesOn()
    {
        Directory.Delete(_layout.Usage);
        using var log = Open();

        log.Append(Key(), Hit);
        log.Append(Key(), Hit);

        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void Append_AfterDispose_DoesNothing()
    {
        var log = Open();
        log.Dispose();

        log.Append(Key(), Hit);

        Assert.Empty(Directory.EnumerateFiles(_layout.Usage));
    }

    public void Dispose()
    {
        _log.Dispose();
        _directory.Dispose();
    }

    private static EntryKey Key() => PullRequest.KeyOf(FakeOrigin.Reference());

    private UsageLog Open() => new(_layout, TimeProvider.System, _log);
}

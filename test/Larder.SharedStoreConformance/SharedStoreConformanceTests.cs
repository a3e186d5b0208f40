using System.Text;
using Larder.Content;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.SharedStoreConformance;

/// <summary>What every shared store keeps, whatever lies behind it.</summary>
public abstract class SharedStoreConformanceTests
{
    private const int Writers = 16;

    private const string Absent = "entries/main/absent.json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A place with nothing in it.</summary>
    protected abstract Task<SharedStoreSite> CreateSiteAsync();

    [Fact]
    public async Task Read_NothingThere_IsNull()
    {
        await using var site = await CreateSiteAsync();

        Assert.Null(await site.Store.TryReadAsync(Absent, 100, Cancellation));
        Assert.Null(await site.Store.TryStatAsync(Absent, Cancellation));
        Assert.Empty(await ListAsync(site.Store, ""));
        Assert.Empty(await ListAsync(site.Store, "entries/"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public async Task Read_Written_IsTheSameForAll(int length)
    {
        await using var site = await CreateSiteAsync();
        var bytes = TestBytes.Of(length);

        var written = await WriteAsync(site.Store, "entries/a.json", bytes);
        var read = await site.Elsewhere.TryReadAsync("entries/a.json", 5000, Cancellation);
        var seen = await site.Elsewhere.TryStatAsync("entries/a.json", Cancellation);

        Assert.NotNull(read);
        Assert.Equal(bytes, read.Content.ToArray());
        Assert.Equal(("entries/a.json", length), (written.Name, written.SizeBytes));
        AssertSame(written, read.Seen);
        AssertSame(written, seen);
        AssertSame(written, Assert.Single(await ListAsync(site.Elsewhere, "")));
    }

    [Fact]
    public async Task Read_TooLarge_IsBroken()
    {
        await using var site = await CreateSiteAsync();
        await WriteAsync(site.Store, "entries/a.json", TestBytes.Of(1001));

        var failure = await FailAsync(
            SharedFailure.Broken,
            () => site.Store.TryReadAsync("entries/a.json", 1000, Cancellation)
        );

        Assert.Contains("1001", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AbsentTwice_IsDoneOnce()
    {
        await using var site = await CreateSiteAsync();
        var first = await WriteAsync(site.Store, "entries/a.json", [1]);

        Assert.Null(
            await site.Elsewhere.TryWriteAsync("entries/a.json", new byte[] { 2 }, SharedCondition.Absent, Cancellation)
        );

        AssertSame(first, await site.Store.TryStatAsync("entries/a.json", Cancellation));
        Assert.Equal([1], await ReadAsync(site.Store, "entries/a.json"));
    }

    [Fact]
    public async Task Write_ManyAtOnceWhereThereIsNone_IsDoneByOne()
    {
        await using var site = await CreateSiteAsync();

        for (var round = 0; round < 5; round++)
        {
            var name = $"entries/race-{round}.json";
            var written = await RaceAsync(site, name, SharedCondition.Absent);

            var won = Assert.Single(written, one => one is not null)!;
            AssertSame(won, await site.Store.TryStatAsync(name, Cancellation));
            Assert.Equal(Bytes(Array.IndexOf(written, won)), await ReadAsync(site.Store, name));
        }
    }

    [Fact]
    public async Task Write_ManyAtOnceInThePlaceOfOne_IsDoneByOne()
    {
        await using var site = await CreateSiteAsync();
        var seen = await WriteAsync(site.Store, "entries/race.json", TestBytes.Of(100, seed: 100));

        for (var round = 0; round < 5; round++)
        {
            var written = await RaceAsync(site, "entries/race.json", SharedCondition.Unchanged(seen));

            var won = Assert.Single(written, one => one is not null)!;
            Assert.NotEqual(seen.Tag, won.Tag);
            AssertSame(won, await site.Store.TryStatAsync("entries/race.json", Cancellation));
            Assert.Equal(Bytes(Array.IndexOf(written, won)), await ReadAsync(site.Store, "entries/race.json"));
            // Other bytes than any of the next round has: where the tag is of the bytes, equal ones would have an equal tag.
            seen = await WriteAsync(
                site.Store,
                "entries/race.json",
                TestBytes.Of(100, seed: 101 + round),
                SharedCondition.Unchanged(won)
            );
        }
    }

    [Fact]
    public async Task Write_InThePlaceOfWhatWasSeen_ReplacesItOnce()
    {
        await using var site = await CreateSiteAsync();
        var first = await WriteAsync(site.Store, "entries/a.json", [1]);

        var second = await WriteAsync(site.Elsewhere, "entries/a.json", [2, 2], SharedCondition.Unchanged(first));
        var stale = await site.Store.TryWriteAsync(
            "entries/a.json",
            new byte[] { 3 },
            SharedCondition.Unchanged(first),
            Cancellation
        );

        Assert.Null(stale);
        Assert.NotEqual(first.Tag, second.Tag);
        Assert.Equal([2, 2], await ReadAsync(site.Store, "entries/a.json"));
        AssertSame(second, await site.Store.TryStatAsync("entries/a.json", Cancellation));
    }

    [Fact]
    public async Task Write_InThePlaceOfWhatIsGone_IsNotDone()
    {
        await using var site = await CreateSiteAsync();
        var seen = await WriteAsync(site.Store, "entries/a.json", [1]);
        Assert.True(await site.Store.TryDeleteAsync(seen, Cancellation));

        Assert.Null(
            await site.Store.TryWriteAsync(
                "entries/a.json",
                new byte[] { 2 },
                SharedCondition.Unchanged(seen),
                Cancellation
            )
        );
        Assert.Null(await site.Store.TryStatAsync("entries/a.json", Cancellation));
    }

    [Fact]
    public async Task Open_Ranges_HaveExactlyTheirBytes()
    {
        await using var site = await CreateSiteAsync();
        var bytes = TestBytes.Of(300_000);
        var seen = await WriteAsync(site.Store, "blobs/a", bytes);

        foreach (
            var (offset, length) in new[] { (0, 1), (0, 1000), (99_999, 100_001), (299_999, 1), (0, 300_000), (5, 0) }
        )
        {
            await using var body = await site.Elsewhere.OpenAsync(seen, new ByteRange(offset, length), Cancellation);
            Assert.Equal(bytes[offset..(offset + length)], await ReadAsync(body));
        }
        await using var whole = await site.Elsewhere.OpenAsync(seen, null, Cancellation);
        Assert.Equal(bytes, await ReadAsync(whole));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            site.Store.OpenAsync(seen, new ByteRange(299_999, 2), Cancellation)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_ReplacedOrGone_IsChanged(bool isReplaced)
    {
        await using var site = await CreateSiteAsync();
        foreach (var length in new[] { 0, 1000 })
        {
            var name = $"blobs/{length}";
            var seen = await WriteAsync(site.Store, name, TestBytes.Of(length));
            if (isReplaced)
                await WriteAsync(site.Store, name, TestBytes.Of(1000, seed: 2), SharedCondition.Unchanged(seen));
            else
                Assert.True(await site.Store.TryDeleteAsync(seen, Cancellation));

            await FailAsync(SharedFailure.Changed, () => site.Store.OpenAsync(seen, null, Cancellation));
            if (length > 0)
                await FailAsync(
                    SharedFailure.Changed,
                    () => site.Elsewhere.OpenAsync(seen, new ByteRange(500, 500), Cancellation)
                );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData((40 << 20) + 11)]
    public async Task Upload_AnyLength_IsReadBackByItsDigest(int length)
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(length));
        var progress = new Progress();

        await site.Store.UploadAsync("blobs/sha256/" + file.Digest, file, progress, Cancellation);

        Assert.Equal(length, progress.Bytes);
        var seen = Assert.Single(await ListAsync(site.Elsewhere, ""));
        AssertSame(seen, await site.Elsewhere.TryStatAsync("blobs/sha256/" + file.Digest, Cancellation));
        Assert.Equal(length, seen.SizeBytes);
        await using var body = await site.Elsewhere.OpenAsync(seen, null, Cancellation);
        Assert.Equal(file.Digest, Digest.Of(await ReadAsync(body)));
        if (length < 2)
            return;
        await using var end = await site.Elsewhere.OpenAsync(seen, new ByteRange(length - 2, 2), Cancellation);
        Assert.Equal(TestBytes.Of(length)[^2..], await ReadAsync(end));
    }

    [Fact]
    public async Task Upload_ByMany_IsThereOnce()
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(20 << 20));

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Of(site, i).UploadAsync("blobs/a", file, progress: null, Cancellation))
        );

        var seen = Assert.Single(await ListAsync(site.Store, ""));
        await using var body = await site.Store.OpenAsync(seen, null, Cancellation);
        Assert.Equal(file.Digest, Digest.Of(await ReadAsync(body)));
    }

    [Fact]
    public async Task Upload_WhatIsThereIsShort_ReplacesIt()
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(1000));
        await WriteAsync(site.Store, "blobs/a", TestBytes.Of(999));

        await site.Store.UploadAsync("blobs/a", file, progress: null, Cancellation);

        Assert.Equal(TestBytes.Of(1000), await ReadAsync(site.Elsewhere, "blobs/a"));
    }

    [Fact]
    public async Task Upload_WhatIsThereIsWrong_ReplacesIt()
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(1000));
        await WriteAsync(site.Store, "blobs/a", new byte[1000]);

        await site.Store.UploadAsync("blobs/a", file, progress: null, Cancellation);

        Assert.Equal(TestBytes.Of(1000), await ReadAsync(site.Elsewhere, "blobs/a"));
    }

    [Fact]
    public async Task Upload_Cancelled_LeavesNothingToBeSeen()
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(40 << 20));
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            site.Store.UploadAsync("blobs/a", file, new Progress(cancelled.Cancel), cancelled.Token)
        );

        Assert.Empty(await ListAsync(site.Elsewhere, ""));
        Assert.Null(await site.Elsewhere.TryStatAsync("blobs/a", Cancellation));
        // And is no hindrance.
        await site.Store.UploadAsync("blobs/a", file, progress: null, Cancellation);
        Assert.Equal(40 << 20, (await site.Store.TryStatAsync("blobs/a", Cancellation))?.SizeBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40 << 20)]
    public async Task Upload_FileOfAnotherLengthOrGone_IsBrokenAndLeavesNothing(int length)
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, TestBytes.Of(length));

        await FailAsync(
            SharedFailure.Broken,
            () => site.Store.UploadAsync("blobs/a", file with { SizeBytes = length + 1 }, null, Cancellation)
        );
        File.Delete(file.Path);
        await FailAsync(SharedFailure.Broken, () => site.Store.UploadAsync("blobs/a", file, null, Cancellation));

        Assert.Empty(await ListAsync(site.Store, ""));
    }

    [Fact]
    public async Task List_MoreThanAPage_HasAllOnce()
    {
        await using var site = await CreateSiteAsync();
        var names = Enumerable.Range(0, site.MoreThanAPage).Select(i => $"entries/{i % 7}/{i:d5}.json").ToArray();
        await Parallel.ForEachAsync(
            names.Append("entriesque").Append("manifests/a.json"),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (name, _) => await WriteAsync(site.Store, name, [1])
        );

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(site.Elsewhere, "entries/"));
        Assert.Equal(names.Length + 2, (await NamesAsync(site.Elsewhere, "")).Count);
        Assert.Equal(names.Length + 1, (await NamesAsync(site.Elsewhere, "entries")).Count);
        Assert.Equal(
            names
                .Where(name => name.StartsWith("entries/3/000", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            await NamesAsync(site.Elsewhere, "entries/3/000")
        );
        Assert.Equal(["entries/3/00003.json"], await NamesAsync(site.Elsewhere, "entries/3/00003.json"));
        Assert.Empty(await NamesAsync(site.Elsewhere, "entries/3/00003.json/"));
        Assert.Empty(await NamesAsync(site.Elsewhere, "blobs/sha256/"));
    }

    [Fact]
    public async Task Delete_AsSeenStaleOrGone_RemovesOnlyWhatWasSeen()
    {
        await using var site = await CreateSiteAsync();
        var first = await WriteAsync(site.Store, "entries/a.json", [1]);
        var second = await WriteAsync(site.Store, "entries/a.json", [2], SharedCondition.Unchanged(first));

        Assert.False(await site.Elsewhere.TryDeleteAsync(first, Cancellation));
        Assert.Equal([2], await ReadAsync(site.Store, "entries/a.json"));
        Assert.True(await site.Elsewhere.TryDeleteAsync(second, Cancellation));
        Assert.Null(await site.Store.TryStatAsync("entries/a.json", Cancellation));
        Assert.False(await site.Store.TryDeleteAsync(second, Cancellation));
        Assert.Empty(await ListAsync(site.Store, ""));
        // What is removed can be written again.
        await WriteAsync(site.Store, "entries/a.json", [3]);
        Assert.Equal([3], await ReadAsync(site.Elsewhere, "entries/a.json"));
    }

    [Fact]
    public async Task Write_OddNames_KeepThemApart()
    {
        await using var site = await CreateSiteAsync();
        string[] names =
        [
            "a",
            "A",
            "-",
            "_",
            ".hidden",
            "..a",
            "a..b",
            "dots.../in/..the/mid..dle",
            "--help",
            "0/1/2/3/4/5/6/7/8/9",
            "con/nul.txt",
            new string('x', 200) + "/" + new string('y', 200) + "/" + new string('z', 110),
        ];
        foreach (var (i, name) in names.Index())
            await WriteAsync(site.Store, name, [(byte)i]);

        foreach (var (i, name) in names.Index())
            Assert.Equal([(byte)i], await ReadAsync(site.Elsewhere, name));
        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(site.Elsewhere, ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a/...")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a?b")]
    [InlineData("a%2fb")]
    [InlineData("~larder/a")]
    [InlineData("ä")]
    public async Task Any_IllegalName_IsRefused(string name)
    {
        await using var site = await CreateSiteAsync();
        using var directory = new TempDirectory();
        var file = await FileAsync(directory, [1]);
        var seen = new SharedObject(name, 1, "tag", DateTimeOffset.UnixEpoch);

        await Assert.ThrowsAsync<ArgumentException>(() => site.Store.TryReadAsync(name, 10, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => site.Store.TryStatAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => site.Store.OpenAsync(seen, null, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(site.Store, name, [1]));
        await Assert.ThrowsAsync<ArgumentException>(() => site.Store.UploadAsync(name, file, null, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => site.Store.TryDeleteAsync(seen, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(site.Store, new string('a', 201), [1]));
        await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(site.Store, "a/../"));
    }

    [Fact]
    public async Task Any_PlaceNotThere_IsNotFound()
    {
        await using var site = await CreateSiteAsync();

        await AssertFailsAsync(site, site.Missing, SharedFailure.NotFound);
    }

    [Fact]
    public async Task Any_ByAStranger_IsDenied()
    {
        await using var site = await CreateSiteAsync();
        if (site.Stranger is not { } stranger)
        {
            Assert.Skip("Nobody is a stranger here.");
            return;
        }
        await WriteAsync(site.Store, "entries/a.json", [1]);

        await AssertFailsAsync(site, stranger, SharedFailure.Denied);
        Assert.Single(await ListAsync(site.Store, ""));
    }

    [Fact]
    public async Task Any_NoServer_IsUnavailable()
    {
        await using var site = await CreateSiteAsync();
        if (site.Unreachable is not { } unreachable)
        {
            Assert.Skip("There is no server.");
            return;
        }

        await AssertFailsAsync(site, unreachable, SharedFailure.Unavailable);
    }

    [Fact]
    public async Task Any_Cancelled_IsCancelled()
    {
        await using var site = await CreateSiteAsync();
        var seen = await WriteAsync(site.Store, "entries/a.json", [1]);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var cancelled = source.Token;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            site.Store.TryReadAsync("entries/a.json", 10, cancelled)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => site.Store.OpenAsync(seen, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => site.Store.TryDeleteAsync(seen, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in site.Store.ListAsync("", cancelled)) { }
        });
        Assert.Equal([1], await ReadAsync(site.Store, "entries/a.json"));
    }

    [Fact]
    public async Task Store_NameAndLocation_TellNoSecret()
    {
        await using var site = await CreateSiteAsync();

        Assert.Matches("^[a-z0-9]+$", site.Store.Name);
        Assert.NotEmpty(site.Store.Location);
        AssertTellsNone(site, site.Store.Location);
    }

    private static async Task AssertFailsAsync(SharedStoreSite site, ISharedStore store, SharedFailure expected)
    {
        using var directory = new TempDirectory();
        var small = await FileAsync(directory, TestBytes.Of(10));
        var large = await FileAsync(directory, TestBytes.Of(17 << 20));
        var seen = new SharedObject("entries/a.json", 1, "00000000000000000000000000000000", DateTimeOffset.UnixEpoch);
        foreach (
            var act in new Func<Task>[]
            {
                () => store.TryReadAsync("entries/a.json", 10, Cancellation),
                () => store.TryStatAsync("entries/a.json", Cancellation),
                () => store.TryWriteAsync("entries/b.json", new byte[] { 1 }, SharedCondition.Absent, Cancellation),
                () => store.UploadAsync("blobs/a", small, null, Cancellation),
                () => store.UploadAsync("blobs/b", large, null, Cancellation),
                () => store.TryDeleteAsync(seen, Cancellation),
                () => ListAsync(store, ""),
            }
        )
        {
            var failure = await FailAsync(expected, act);
            Assert.Equal(store.Location, failure.Location);
            AssertTellsNone(site, failure.ToString());
        }
    }

    private static void AssertTellsNone(SharedStoreSite site, string text) =>
        Assert.All(site.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

    private static async Task<SharedStoreException> FailAsync(SharedFailure expected, Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<SharedStoreException>(act);
        Assert.True(expected == failure.Failure, $"{failure.Failure} instead of {expected}: {failure.Message}");
        return failure;
    }

    // The clocks of an answer and of a list may be told in other steps.
    private static void AssertSame(SharedObject expected, SharedObject? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Name, expected.SizeBytes, expected.Tag), (actual.Name, actual.SizeBytes, actual.Tag));
        Assert.Equal(expected.Modified, actual.Modified, TimeSpan.FromSeconds(2));
    }

    private static ISharedStore Of(SharedStoreSite site, int i) => i % 2 == 0 ? site.Store : site.Elsewhere;

    private static byte[] Bytes(int writer) => Encoding.ASCII.GetBytes($"written by {writer}");

    private static async Task<SharedObject?[]> RaceAsync(SharedStoreSite site, string name, SharedCondition condition)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racing = Enumerable
            .Range(0, Writers)
            .Select(async i =>
            {
                await begin.Task;
                return await Of(site, i).TryWriteAsync(name, Bytes(i), condition, Cancellation);
            })
            .ToArray();
        begin.SetResult();
        return await Task.WhenAll(racing);
    }

    private static async Task<SharedObject> WriteAsync(
        ISharedStore store,
        string name,
        byte[] bytes,
        SharedCondition condition = default
    )
    {
        var written = await store.TryWriteAsync(name, bytes, condition, Cancellation);
        Assert.NotNull(written);
        return written;
    }

    private static async Task<byte[]> ReadAsync(ISharedStore store, string name)
    {
        var read = await store.TryReadAsync(name, 1 << 20, Cancellation);
        Assert.NotNull(read);
        return read.Content.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Stream body)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    private static async Task<List<SharedObject>> ListAsync(ISharedStore store, string prefix)
    {
        var found = new List<SharedObject>();
        await foreach (var one in store.ListAsync(prefix, Cancellation))
            found.Add(one);
        return found;
    }

    private static async Task<List<string>> NamesAsync(ISharedStore store, string prefix) =>
        [.. (await ListAsync(store, prefix)).Select(one => one.Name).Order(StringComparer.Ordinal)];

    private static async Task<SharedUpload> FileAsync(TempDirectory directory, byte[] bytes)
    {
        var path = directory[Guid.NewGuid().ToString("n")];
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        return new SharedUpload(path, bytes.Length, Digest.Of(bytes));
    }

    private sealed class Progress(Action? whenTold = null) : IProgress<long>
    {
        private long _bytes;

        public long Bytes => Interlocked.Read(ref _bytes);

        public void Report(long value)
        {
            Interlocked.Add(ref _bytes, value);
            whenTold?.Invoke();
        }
    }
}

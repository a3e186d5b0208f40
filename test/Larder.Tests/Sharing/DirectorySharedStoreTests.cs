using System.Text;
using Larder.Content;
using Larder.Sharing;
using Larder.Store;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Sharing;

/// <summary>What a directory may hold that no server would.</summary>
public sealed class DirectorySharedStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _root;
    private readonly DirectorySharedStore _store;

    public DirectorySharedStoreTests()
    {
        _root = _directory["team"];
        _store = new DirectorySharedStore(_root);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Drafts => Path.Join(_root, SharedDirectory.Private, "drafts");

    private string Locks => Path.Join(_root, SharedDirectory.Private, "locks");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Write_InADirectoryThatIsALink_IsBrokenAndWritesNothing()
    {
        var elsewhere = Directory.CreateDirectory(_directory["elsewhere"]).FullName;
        await File.WriteAllBytesAsync(Path.Join(elsewhere, "a.json"), [9], Cancellation);
        await WriteAsync("entries/b.json", [1]);
        Directory.CreateSymbolicLink(Path.Join(_root, "entries", "main"), elsewhere);

        foreach (
            var act in new Func<Task>[]
            {
                () => WriteAsync("entries/main/new.json", [1]),
                () => _store.UploadAsync("entries/main/new.json", Upload([1]), null, Cancellation),
                () => _store.TryReadAsync("entries/main/a.json", 10, Cancellation),
                () => _store.TryStatAsync("entries/main/a.json", Cancellation),
                () => ListAsync("entries/main/"),
            }
        )
            Assert.Contains(
                "is a symbolic link",
                (await FailAsync(SharedFailure.Broken, act)).Message,
                StringComparison.Ordinal
            );

        Assert.Equal(["entries/b.json"], await ListAsync(""));
        Assert.Equal([Path.Join(elsewhere, "a.json")], Directory.GetFiles(elsewhere));
    }

    [Fact]
    public async Task Read_FileThatIsALink_IsBrokenAndNotFollowed()
    {
        var secret = _directory["secret"];
        await File.WriteAllBytesAsync(secret, [9], Cancellation);
        await WriteAsync("b.json", [1]);
        File.CreateSymbolicLink(Path.Join(_root, "a.json"), secret);

        await FailAsync(SharedFailure.Broken, () => _store.TryReadAsync("a.json", 10, Cancellation));
        await FailAsync(SharedFailure.Broken, () => WriteAsync("a.json", [1]));
        await FailAsync(SharedFailure.Broken, () => _store.UploadAsync("a.json", Upload([1]), null, Cancellation));

        Assert.Equal(["b.json"], await ListAsync(""));
        Assert.Equal([9], await File.ReadAllBytesAsync(secret, Cancellation));
    }

    [Fact]
    public async Task Any_DirectoryIsAFile_IsBroken()
    {
        await File.WriteAllBytesAsync(_root, [1], Cancellation);

        await FailAsync(SharedFailure.Broken, () => _store.TryReadAsync("a.json", 10, Cancellation));
        await FailAsync(SharedFailure.Broken, () => WriteAsync("a.json", [1]));
        await FailAsync(SharedFailure.Broken, () => _store.UploadAsync("a", Upload([1]), null, Cancellation));
        await FailAsync(SharedFailure.Broken, () => ListAsync(""));
    }

    [Fact]
    public async Task Write_NameThatBeginsAnother_IsBrokenAndLosesNothing()
    {
        await WriteAsync("a", [1]);
        await WriteAsync("b/c", [2]);

        await FailAsync(SharedFailure.Broken, () => WriteAsync("a/b", [3]));
        await FailAsync(SharedFailure.Broken, () => WriteAsync("a/b/c", [3]));
        await FailAsync(SharedFailure.Broken, () => WriteAsync("b", [3]));
        await FailAsync(SharedFailure.Broken, () => _store.UploadAsync("b", Upload([3]), null, Cancellation));

        Assert.Null(await _store.TryReadAsync("a/b/c", 10, Cancellation));
        Assert.Null(await _store.TryStatAsync("b", Cancellation));
        Assert.Equal(["a", "b/c"], await ListAsync(""));
    }

    [Fact]
    public async Task Any_OnlyWhatWasWritten_IsListedAndNothingElseLeft()
    {
        var seen = await WriteAsync("entries/a.json", [1]);
        await _store.TryWriteAsync("entries/a.json", new byte[] { 2 }, SharedCondition.Unchanged(seen), Cancellation);
        await _store.TryWriteAsync("entries/a.json", new byte[] { 3 }, SharedCondition.Unchanged(seen), Cancellation);
        await _store.TryWriteAsync("entries/a.json", new byte[] { 4 }, SharedCondition.Absent, Cancellation);
        await _store.UploadAsync("blobs/a", Upload(TestBytes.Of(1000)), null, Cancellation);
        await File.WriteAllBytesAsync(Path.Join(_root, "entries", "not ours.txt"), [1], Cancellation);

        Assert.Equal(["blobs/a", "entries/a.json"], await ListAsync(""));
        Assert.Empty(Directory.GetFiles(Drafts));
        Assert.Empty(Directory.GetFiles(Locks));
    }

    [Fact]
    public async Task Write_ReplacedInQuickSuccession_NeverHasATagTwice()
    {
        var seen = await WriteAsync("lease.json", [0]);
        var tags = new HashSet<string>(StringComparer.Ordinal) { seen.Tag };
        for (var i = 0; i < 200; i++)
        {
            var written = await _store.TryWriteAsync(
                "lease.json",
                new byte[] { 0 },
                SharedCondition.Unchanged(seen),
                Cancellation
            );
            Assert.NotNull(written);
            Assert.True(written.Modified >= seen.Modified);
            Assert.True(tags.Add(written.Tag));
            seen = written;
        }
    }

    [Fact]
    public async Task Write_LockOfADeadProcess_IsTakenOver()
    {
        var seen = await WriteAsync("entries/a.json", [1]);
        var left = LockOf("entries/a.json");
        await File.WriteAllTextAsync(left, "gone 1", Cancellation);
        File.SetLastWriteTimeUtc(
            left,
            File.GetLastWriteTimeUtc(left) - DirectoryLock.StaleAfter - TimeSpan.FromSeconds(5)
        );

        var written = await _store.TryWriteAsync(
            "entries/a.json",
            new byte[] { 2 },
            SharedCondition.Unchanged(seen),
            Cancellation
        );

        Assert.NotNull(written);
        Assert.Empty(Directory.GetFiles(Locks));
    }

    [Theory]
    [InlineData(false)] // young, and nobody can tell whether its holder lives
    [InlineData(true)] // old, and its holder sleeps
    public async Task Write_LockOfAnotherProcess_IsWaitedForAndNeverBroken(bool isOldAndHeld)
    {
        var store = new DirectorySharedStore(_root, new LeapingTimeProvider());
        var seen = await WriteAsync("entries/a.json", [1]);
        var theirs = LockOf("entries/a.json");
        await File.WriteAllTextAsync(theirs, "there 1", Cancellation);
        if (isOldAndHeld)
            File.SetLastWriteTimeUtc(theirs, File.GetLastWriteTimeUtc(theirs) - TimeSpan.FromHours(1));
        using var held = Posix.TryOpenLocked(theirs)!;
        Assert.True(!isOldAndHeld || Posix.TryLock(held, exclusive: true, theirs));

        var failure = await FailAsync(
            SharedFailure.Unavailable,
            () => store.TryWriteAsync("entries/a.json", new byte[] { 2 }, SharedCondition.Unchanged(seen), Cancellation)
        );
        await FailAsync(SharedFailure.Unavailable, () => store.TryDeleteAsync(seen, Cancellation));

        Assert.Contains("Somebody else has been replacing 'entries/a.json'", failure.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(theirs));
        Assert.Equal(seen, await _store.TryStatAsync("entries/a.json", Cancellation));
        Assert.Empty(Directory.GetFiles(Drafts));
    }

    [Fact]
    public async Task Write_FirstOfAProcess_RemovesWhatDeadOnesLeft()
    {
        await WriteAsync("a.json", [1]);
        var (old, young) = (Path.Join(Drafts, "old"), Path.Join(Drafts, "young"));
        await File.WriteAllBytesAsync(old, [1], Cancellation);
        await File.WriteAllBytesAsync(young, [1], Cancellation);
        File.SetLastWriteTimeUtc(
            old,
            File.GetLastWriteTimeUtc(old) - SharedDirectory.DraftsLive - TimeSpan.FromMinutes(1)
        );

        await new DirectorySharedStore(_root).TryWriteAsync(
            "b.json",
            new byte[] { 1 },
            SharedCondition.Absent,
            Cancellation
        );

        Assert.Equal([young], Directory.GetFiles(Drafts));
    }

    [Fact]
    public async Task Upload_SameLengthIsThere_SendsNothing()
    {
        await WriteAsync("blobs/a", TestBytes.Of(1000));
        var seen = await _store.TryStatAsync("blobs/a", Cancellation);

        await _store.UploadAsync("blobs/a", Upload(TestBytes.Of(1000)), null, Cancellation);

        Assert.Equal(seen, await _store.TryStatAsync("blobs/a", Cancellation));
    }

    [Fact]
    public async Task Upload_OtherBytesOfTheSameLengthAreThere_ReplacesThem()
    {
        await WriteAsync("blobs/a", new byte[1000]);

        await _store.UploadAsync("blobs/a", Upload(TestBytes.Of(1000)), null, Cancellation);

        var document = await _store.TryReadAsync("blobs/a", 1000, Cancellation);
        Assert.Equal(TestBytes.Of(1000), document!.Content.ToArray());
    }

    [Fact]
    public async Task Upload_FromAnotherFileSystem_IsExact()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no second file system.");
        var bytes = TestBytes.Of((17 << 20) + 3);
        var path = $"/dev/shm/larder-test-{Guid.NewGuid():n}";
        try
        {
            await File.WriteAllBytesAsync(path, bytes, Cancellation);
            await _store.UploadAsync(
                "blobs/a",
                new SharedUpload(path, bytes.Length, Digest.Of(bytes)),
                null,
                Cancellation
            );
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(
            Digest.Of(bytes),
            Digest.Of(await File.ReadAllBytesAsync(Path.Join(_root, "blobs/a"), Cancellation))
        );
    }

    [Fact]
    public async Task Open_ReplacedWhileItIsRead_EndsAsItBegan()
    {
        var seen = await WriteAsync("a", TestBytes.Of(100_000));
        await using var body = await _store.OpenAsync(seen, null, Cancellation);
        var bytes = new byte[100_000];
        await body.ReadExactlyAsync(bytes.AsMemory(0, 10), Cancellation);

        await _store.TryWriteAsync("a", TestBytes.Of(100_000, seed: 2), SharedCondition.Unchanged(seen), Cancellation);
        await body.ReadExactlyAsync(bytes.AsMemory(10), Cancellation);

        Assert.Equal(TestBytes.Of(100_000), bytes);
    }

    [Fact]
    public async Task Write_NotAllowed_IsDeniedAndReadsGoOn()
    {
        var seen = await WriteAsync("entries/a.json", [1]);
        // Which root obeys too.
        string[] frozen = [Drafts, Path.Join(_root, "entries"), _root];
        Assert.SkipUnless(
            Array.TrueForAll(frozen, path => Immutable.TrySet(path, isImmutable: true)),
            "chattr does nothing here"
        );
        try
        {
            await FailAsync(SharedFailure.Denied, () => WriteAsync("entries/b.json", [1]));
            await FailAsync(SharedFailure.Denied, () => WriteAsync("other/b.json", [1]));
            await FailAsync(
                SharedFailure.Denied,
                () => _store.UploadAsync("entries/b", Upload([1]), null, Cancellation)
            );
            await FailAsync(SharedFailure.Denied, () => _store.TryDeleteAsync(seen, Cancellation));
            Assert.Equal(["entries/a.json"], await ListAsync(""));
        }
        finally
        {
            Assert.All(frozen, path => Assert.True(Immutable.TrySet(path, isImmutable: false)));
        }
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task Write_VolumeFullThenReadOnly_IsFullThenDeniedAndLosesNothing()
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InMemory("size=1m");
        var store = new DirectorySharedStore(Path.Join(volume.Path, "team"));
        await store.TryWriteAsync("a", TestBytes.Of(100_000), SharedCondition.Absent, Cancellation);

        await FailAsync(
            SharedFailure.Full,
            () => store.UploadAsync("b", Upload(TestBytes.Of(2 << 20)), null, Cancellation)
        );
        await FailAsync(
            SharedFailure.Full,
            () => store.TryWriteAsync("c", TestBytes.Of(2 << 20), SharedCondition.Absent, Cancellation)
        );
        // What did not fit has gone, so that there is room as before.
        Assert.NotNull(await store.TryWriteAsync("d", TestBytes.Of(100_000), SharedCondition.Absent, Cancellation));
        volume.Remount("ro");
        await FailAsync(
            SharedFailure.Denied,
            () => store.TryWriteAsync("e", new byte[] { 1 }, SharedCondition.Absent, Cancellation)
        );
        Assert.Equal(100_000, (await store.TryReadAsync("d", 1 << 20, Cancellation))?.Content.Length);
    }

    private string LockOf(string name) => Path.Join(Locks, Digest.Of(Encoding.UTF8.GetBytes(name)).ToString());

    private SharedUpload Upload(byte[] bytes)
    {
        var path = _directory[Guid.NewGuid().ToString("n")];
        File.WriteAllBytes(path, bytes);
        return new SharedUpload(path, bytes.Length, Digest.Of(bytes));
    }

    private async Task<SharedObject> WriteAsync(string name, byte[] bytes)
    {
        var written = await _store.TryWriteAsync(name, bytes, SharedCondition.Absent, Cancellation);
        Assert.NotNull(written);
        return written;
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var found in _store.ListAsync(prefix, Cancellation))
            names.Add(found.Name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static async Task<SharedStoreException> FailAsync(SharedFailure expected, Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<SharedStoreException>(act);
        Assert.True(expected == failure.Failure, $"{failure.Failure} instead of {expected}: {failure.Message}");
        return failure;
    }

    // Every wait is over at once.
    private sealed class LeapingTimeProvider : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

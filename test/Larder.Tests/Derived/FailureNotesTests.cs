using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.TestKit;

namespace Larder.Tests.Derived;

public sealed class FailureNotesTests : IDisposable
{
    private static readonly EntryKey Key = KeyOf("one");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;

    public FailureNotesTests() => _store = new TestStore(time: _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string NotePath => Assert.Single(TestStore.Files(_store.Layout.Failures));

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task NoteFailureAsync_IsRememberedByAllCachesUntilItsTimeIsOver()
    {
        await NoteAsync(Key, "the tool is not installed");

        var note = _store.Open().TryReadFailure(Key);

        Assert.Equal(
            new FailureNote("environment", "the tool is not installed", _time.GetUtcNow(), _time.GetUtcNow() + Hour),
            note
        );
        Assert.Null(_store.Cache.TryReadFailure(KeyOf("two")));
        _time.Advance(Hour);
        Assert.Null(_store.Cache.TryReadFailure(Key));
    }

    [Fact]
    public async Task NoteFailureAsync_Twice_TheLaterOneCounts()
    {
        await NoteAsync(Key, "first");
        await NoteAsync(Key, "second");

        Assert.Equal("second", _store.Cache.TryReadFailure(Key)!.Message);
        Assert.Single(TestStore.Files(_store.Layout.Failures));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Layout.Staging));
    }

    [Fact]
    public async Task ForgetFailure_IsGone()
    {
        _store.Cache.ForgetFailure(Key);
        await NoteAsync(Key, "failed");

        _store.Cache.ForgetFailure(Key);

        Assert.Null(_store.Cache.TryReadFailure(Key));
    }

    [Fact]
    public async Task TryReadFailure_TheClockWasSetBack_IsNoNote()
    {
        await NoteAsync(Key, "failed");
        using var earlier = new ModelCache(
            new ModelCacheOptions { StorePath = _store.Root },
            timeProvider: new ManualTimeProvider()
        );
        Assert.NotNull(earlier.TryReadFailure(Key));
        _time.Advance(TimeSpan.FromMinutes(30));
        await NoteAsync(Key, "failed again");

        Assert.Null(earlier.TryReadFailure(Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"request":{"kind":"pass","version":1},"failure":"a","message":"b","noted":"x","until":"y"}""")]
    public async Task TryReadFailure_Nonsense_IsNoNoteAndIsSweptAway(string text)
    {
        await NoteAsync(Key, "failed");
        await File.WriteAllTextAsync(NotePath, text, Token);

        Assert.Null(_store.Cache.TryReadFailure(Key));
        await _store.Cache.SweepAsync(Token);
        Assert.Empty(TestStore.Files(_store.Layout.Failures));
    }

    [Fact]
    public async Task TryReadFailure_OfAnotherRequest_IsNoNote()
    {
        await NoteAsync(KeyOf("two"), "failed");
        var path = _store.Layout.FailureNote(Key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(NotePath, path);

        Assert.Null(_store.Cache.TryReadFailure(Key));
    }

    [Fact]
    public async Task SweepAsync_ExpiredNotes_AreRemovedAndTheOthersStay()
    {
        await NoteAsync(Key, "failed");
        _time.Advance(Hour);
        await NoteAsync(KeyOf("two"), "failed");
        await _store.Cache.SweepAsync(Token);

        Assert.Equal(_store.Layout.FailureNote(KeyOf("two")), NotePath);
    }

    [Fact]
    public async Task NoteFailureAsync_ForEver_DoesNotOverflow()
    {
        await _store.Cache.NoteFailureAsync(Key, "permanent", "failed", TimeSpan.MaxValue, Token);

        Assert.NotNull(_store.Cache.TryReadFailure(Key));
    }

    private static EntryKey KeyOf(string name) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["name"] = name,
            }
        );

    private Task NoteAsync(EntryKey key, string message) =>
        _store.Cache.NoteFailureAsync(key, "environment", message, Hour, Token);
}

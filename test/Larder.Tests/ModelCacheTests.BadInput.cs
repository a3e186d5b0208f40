using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests;

// Each fault of an origin is a clear error, and nothing of it is left in the store.
public sealed partial class ModelCacheTests
{
    [Fact]
    public async Task PullAsync_OriginNotThere_SaysWhereItLooked()
    {
        var reference = ModelReference.OfPath(_store["missing"]);

        var failure = await AssertFailsAsync<OriginException>(reference);

        Assert.Equal($"There is nothing at '{_store["missing"]}'. Check the path of the reference.", failure.Message);
    }

    [Fact]
    public async Task PullAsync_UnknownScheme_NamesTheKnownOnes()
    {
        var failure = await AssertFailsAsync<ReferenceException>(ModelReference.Parse("gopher://host/model"));

        Assert.Contains("Known are: fake, file, http, https.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_NoFilesAtTheOrigin_SaysSo()
    {
        _store.Origin.ListsInstead = () => [];

        Assert.Equal(OriginFailure.NotFound, (await AssertFailsAsync<OriginException>()).Failure);
    }

    [Fact]
    public async Task PullAsync_FileVanishesAfterTheListing_SaysWhich()
    {
        var model = await DirectoryThatChangesAsync(path => File.Delete(path));

        var failure = await AssertFailsAsync<OriginException>(model);

        Assert.Contains("b.onnx' vanished after it was listed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_FileChangesAfterTheListing_SaysWhich()
    {
        var model = await DirectoryThatChangesAsync(path => File.WriteAllText(path, "longer weights"));

        var failure = await AssertFailsAsync<OriginException>(model);

        Assert.Equal(OriginFailure.Changed, failure.Failure);
        Assert.Contains("b.onnx' changed after it was listed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_OriginPromisesAnotherDigest_SaysBoth()
    {
        var promised = Digest.Of("promised"u8);
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", 5000, "v1", promised)];

        var failure = await AssertFailsAsync<IntegrityException>();

        Assert.Equal(
            ("model.onnx", promised.ToString(), Digest.Of(TestBytes.Of(5000)).ToString()),
            (failure.Path, failure.Expected, failure.Actual)
        );
    }

    [Theory]
    [InlineData(4999, "is longer than announced: 4999 bytes were announced, at least 5000 came")]
    [InlineData(5001, "is shorter than announced: 5001 bytes were announced, 5000 came")]
    [InlineData(0, "is longer than announced")]
    public async Task PullAsync_BodyOfAnotherLengthThanListed_SaysBoth(long announced, string text)
    {
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", announced, "v1")];

        var failure = await AssertFailsAsync<IntegrityException>();

        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_LengthNotListed_TakesWhatComes()
    {
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", null, "v1")];

        using var snapshot = await _store.PullAsync();

        Assert.Equal(5000, snapshot.Manifest.SizeBytes);
    }

    [Theory]
    [InlineData("../model.onnx", "segment")]
    [InlineData("a/../../x", "segment")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("nul\0byte", "control character")]
    [InlineData("back\\slash", "backslash")]
    [InlineData("", "is empty")]
    [InlineData("a//b", "empty segment")]
    [InlineData("C:/x", "drive letter")]
    public async Task PullAsync_PathThatIsNotSafe_IsRefusedBeforeAByteIsFetched(string path, string reason)
    {
        _store.Origin.ListsInstead = () => [new OriginFile(path, 1, "v1")];

        var failure = await AssertFailsAsync<OriginException>();

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Origin.Opened);
    }

    [Theory]
    [InlineData("model.onnx", "model.onnx", "listed twice")]
    [InlineData("model.onnx", "MODEL.onnx", "letter case")]
    [InlineData("model", "model/x", "both a file and a directory")]
    public async Task PullAsync_TwoPathsThatCannotLieTogether_AreRefused(string first, string second, string reason)
    {
        _store.Origin.ListsInstead = () => [new OriginFile(first, 1, "v1"), new OriginFile(second, 1, "v2")];

        Assert.Contains(reason, (await AssertFailsAsync<OriginException>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_NegativeLength_IsRefused()
    {
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", -1, "v1")];

        await AssertFailsAsync<OriginException>();
    }

    [Fact]
    public async Task PullAsync_DirectoryWithABackslashInAName_IsRefused()
    {
        var model = Directory.CreateDirectory(_store["origin"]).FullName;
        await File.WriteAllTextAsync(Path.Join(model, "a\\b"), "", TestContext.Current.CancellationToken);

        Assert.Contains(
            "backslash",
            (await AssertFailsAsync<OriginException>(ModelReference.OfPath(model))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PullAsync_LargerThanTheDisk_SaysSoBeforeAByteIsFetched()
    {
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", 1L << 50, "v1")];

        var failure = await AssertFailsAsync<NoRoomException>();

        Assert.Equal(1L << 50, failure.NeededBytes);
        Assert.Contains("1125899906842624 bytes are needed", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_OneOfManyFilesFails_ThrowsThatFailure()
    {
        for (var i = 0; i < 20; i++)
            _store.Origin.Put($"file{i}", TestBytes.Of(1000, i));
        _store.Origin.SendsInstead = file =>
            file.Path == "file13"
                ? throw new OriginException(OriginFailure.Denied, "fake", "file13 is secret")
                : Task.FromResult<Stream>(new MemoryStream(TestBytes.Of((int)file.SizeBytes!.Value)));

        Assert.Equal("file13 is secret", (await AssertFailsAsync<OriginException>()).Message);
    }

    [Fact]
    public async Task PullAsync_HttpBodyBreaksOff_SaysAfterHowMuch()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, 1000, "ETag: \"v1\"");
            if (!exchange.IsHead)
                await exchange.SendBodyAsync(TestBytes.Of(400));
        });

        var failure = await AssertFailsAsync<OriginException>(ModelReference.Parse(server.Url("/model.onnx")));

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
        Assert.Contains("broke off after 400 of 1000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_HttpBodyEndsCleanlyButShort_SaysBoth()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, exchange.IsHead ? 1000 : null, "ETag: \"v1\"");
            if (!exchange.IsHead)
                await exchange.SendBodyAsync(TestBytes.Of(400));
        });

        var failure = await AssertFailsAsync<IntegrityException>(ModelReference.Parse(server.Url("/model.onnx")));

        Assert.Contains(
            "shorter than announced: 1000 bytes were announced, 400 came",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PullAsync_HttpBodyWithoutEnd_IsCutAtTheAnnouncedLength()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, exchange.IsHead ? 1000 : null, "ETag: \"v1\"");
            while (!exchange.IsHead)
                await exchange.SendBodyAsync(TestBytes.Of(10_000));
        });

        await AssertFailsAsync<IntegrityException>(ModelReference.Parse(server.Url("/model.onnx")));
    }

    [Fact]
    public async Task PullAsync_HttpBodyStalls_GivesUpAfterTheIdleTimeout()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, 1000, "ETag: \"v1\"");
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(TestBytes.Of(400));
            await Task.Delay(Timeout.Infinite, exchange.Stopping);
        });
        var reference = ModelReference.Parse(server.Url("/model.onnx"));
        var cache = _store.Open(idleTimeout: TimeSpan.FromMilliseconds(100));

        var failure = await Assert.ThrowsAsync<OriginException>(() => PullAsync(reference, cache));

        Assert.Contains("400 of 1000 bytes: not a byte came for 0.1 s", failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_HttpNameThatEscapes_IsRefused()
    {
        await using var server = ScriptedHttpServer.Serving(TestBytes.Of(10));

        var failure = await AssertFailsAsync<OriginException>(ModelReference.Parse(server.Url("/..%2F..%2Fx")));

        Assert.Contains("segment", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ReferenceWithSecrets_WritesThemNowhere()
    {
        await using var server = ScriptedHttpServer.Serving(TestBytes.Of(10));
        var reference = ModelReference.Parse(server.Url("/model.onnx?sig=CANARY", "user:CANARY@"));

        using var snapshot = await PullAsync(reference);

        Assert.Equal("HEAD /model.onnx?sig=CANARY", server.Requests[0]);
        IEnumerable<string> texts =
        [
            .. TestStore.Files(_store.Root).Select(path => path + File.ReadAllText(path, Encoding.Latin1)),
            .. _store.Log.Messages,
        ];
        Assert.All(texts, text => Assert.DoesNotContain("CANARY", text, StringComparison.Ordinal));
        Assert.DoesNotContain("CANARY", snapshot.Reference + _store.Cache.List()[0].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_FailureKeepsTheModelThatIsStored()
    {
        var stored = await _store.PullAndReleaseAsync();
        _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", 4999, "v9")];

        await Assert.ThrowsAsync<IntegrityException>(() => _store.PullAsync(new PullOptions { Refresh = true }));

        Assert.Equal(stored.Digest, _store.Cache.List()[0].Digest);
        StoreAudit.AssertWhole(_store.Root);
    }

    private async Task<T> AssertFailsAsync<T>(ModelReference? reference = null)
        where T : LarderException
    {
        var failure = await Assert.ThrowsAsync<T>(() => PullAsync(reference ?? _store.Reference));
        StoreAudit.AssertEmpty(_store.Root);
        return failure;
    }

    /// <summary>A reference to a directory whose one file changes after it was listed.</summary>
    private async Task<ModelReference> DirectoryThatChangesAsync(Action<string> change)
    {
        var model = Directory.CreateDirectory(_store["origin"]).FullName;
        await File.WriteAllTextAsync(Path.Join(model, "b.onnx"), "weights", TestContext.Current.CancellationToken);
        var real = new DirectoryOrigin();
        var reference = ModelReference.OfPath(model);
        var listed = await real.ListAsync(reference, TestContext.Current.CancellationToken);
        change(Path.Join(model, "b.onnx"));
        _store.Origin.ListsInstead = () => listed.Files;
        _store.Origin.SendsInstead = file =>
            real.OpenAsync(reference, file, range: null, TestContext.Current.CancellationToken);
        return _store.Reference;
    }
}

using System.Diagnostics;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Origins;

public sealed class DirectoryOriginTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly DirectoryOrigin _origin = new();
    private readonly string _model;

    public DirectoryOriginTests()
    {
        _model = Directory.CreateDirectory(_directory["model"]).FullName;
        File.WriteAllText(Path.Join(_model, "model.onnx"), "weights");
    }

    [Fact]
    public async Task ListAsync_Directory_ListsAllFilesBelow()
    {
        Directory.CreateDirectory(Path.Join(_model, "a/b"));
        await File.WriteAllTextAsync(Path.Join(_model, "a/b/c.txt"), "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Join(_model, "empty"));

        var files = await ListAsync();

        Assert.Equivalent(
            new[] { ("a/b/c.txt", 0L), ("model.onnx", 7L) },
            files.Select(file => (file.Path, file.SizeBytes!.Value)),
            strict: true
        );
    }

    [Fact]
    public async Task ListAsync_OneFile_ListsItByItsName()
    {
        var reference = ModelReference.OfPath(Path.Join(_model, "model.onnx"));

        var listing = await _origin.ListAsync(reference, TestContext.Current.CancellationToken);

        Assert.Equal("model.onnx", Assert.Single(listing.Files).Path);
        Assert.Equal("weights", await ReadAsync(reference, listing.Files[0]));
    }

    [Fact]
    public async Task ListAsync_NothingThere_SaysNotFound()
    {
        var missing = await Assert.ThrowsAsync<OriginException>(() => ListAsync("missing"));

        Assert.Equal(OriginFailure.NotFound, missing.Failure);
        Assert.Contains(_directory["missing"], missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_LinkToAFile_IsFollowed()
    {
        File.CreateSymbolicLink(Path.Join(_model, "link.onnx"), "model.onnx");

        Assert.Contains(await ListAsync(), file => file is { Path: "link.onnx", SizeBytes: 7 });
    }

    [Theory]
    [InlineData("nowhere", "is a link to something that is not there")]
    [InlineData("/", "is not a regular file")]
    [InlineData("itself", "cannot be read")]
    public async Task ListAsync_OtherLink_IsRefusedByName(string target, string reason)
    {
        File.CreateSymbolicLink(Path.Join(_model, "itself"), target);

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync());

        Assert.Contains($"{_model}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_Pipe_IsRefusedByNameAndNotOpened()
    {
        await MakePipeAsync(Path.Join(_model, "pipe"));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync());

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains($"'{_model}/pipe' is not a regular file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_HostInTheReference_SaysThreeSlashes()
    {
        var refused = await Assert.ThrowsAsync<ReferenceException>(() =>
            _origin.ListAsync(ModelReference.Parse("file://models/x"), TestContext.Current.CancellationToken)
        );

        Assert.Contains("three slashes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_NulInThePath_IsRefused()
    {
        var reference = ModelReference.Parse("file:///tmp%00/x");

        await Assert.ThrowsAsync<ReferenceException>(() =>
            _origin.ListAsync(reference, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task OpenAsync_Unchanged_GivesTheBytes() =>
        Assert.Equal("weights", await ReadAsync(Reference(), (await ListAsync())[0]));

    [Theory]
    [InlineData(0, 7, "weights")]
    [InlineData(2, 3, "igh")]
    [InlineData(6, 1, "s")]
    public async Task OpenAsync_Part_GivesThoseBytes(int offset, int length, string part) =>
        Assert.Equal(part, await ReadAsync(Reference(), (await ListAsync())[0], new ByteRange(offset, length)));

    [Fact]
    public async Task OpenAsync_FileVanished_SaysSo()
    {
        var file = (await ListAsync())[0];
        File.Delete(Path.Join(_model, "model.onnx"));

        var changed = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(Reference(), file));

        Assert.Equal(OriginFailure.Changed, changed.Failure);
        Assert.Contains("model.onnx' vanished after it was listed", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ChangedToTheSameSizeAndTime_SaysSo()
    {
        var file = (await ListAsync())[0];
        Rewrite();

        var changed = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(Reference(), file));

        Assert.Equal(OriginFailure.Changed, changed.Failure);
    }

    [Fact]
    public async Task OpenAsync_ChangedWhileItIsRead_SaysSo()
    {
        var file = (await ListAsync())[0];
        await using var stream = await _origin.OpenAsync(
            Reference(),
            file,
            range: null,
            TestContext.Current.CancellationToken
        );
        await stream.ReadExactlyAsync(new byte[3], TestContext.Current.CancellationToken);
        Rewrite();

        var changed = await Assert.ThrowsAsync<OriginException>(() =>
            stream.ReadAsync(new byte[4], TestContext.Current.CancellationToken).AsTask()
        );

        Assert.Equal(OriginFailure.Changed, changed.Failure);
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("pipe")]
    public async Task OpenAsync_ReplacedBySomethingElse_SaysChangedAndDoesNotWait(string replacement)
    {
        var file = (await ListAsync())[0];
        var path = Path.Join(_model, "model.onnx");
        File.Delete(path);
        if (replacement == "pipe")
            await MakePipeAsync(path);
        else
            Directory.CreateDirectory(path);

        var changed = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(Reference(), file));

        Assert.Equal(OriginFailure.Changed, changed.Failure);
    }

    [Fact]
    public async Task ListAsync_FileSystemFails_SaysUnavailableSoThatWhatIsStoredMayServe()
    {
        // A link to itself: the one failure of a file system besides missing rights that is easy to have.
        File.CreateSymbolicLink(Path.Join(_model, "loop"), "loop");

        Assert.Equal(OriginFailure.Unavailable, (await Assert.ThrowsAsync<OriginException>(() => ListAsync())).Failure);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task MakePipeAsync(string path)
    {
        using var mkfifo = Process.Start(new ProcessStartInfo("mkfifo", [path]) { UseShellExecute = false })!;
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private ModelReference Reference(string name = "model") => ModelReference.OfPath(_directory[name]);

    private async Task<IReadOnlyList<OriginFile>> ListAsync(string name = "model") =>
        (await _origin.ListAsync(Reference(name), TestContext.Current.CancellationToken)).Files;

    private async Task<string> ReadAsync(ModelReference reference, OriginFile file, ByteRange? range = null)
    {
        using var reader = new StreamReader(
            await _origin.OpenAsync(reference, file, range, TestContext.Current.CancellationToken)
        );
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Writes other bytes of the same length and sets the time back; only the time of the last change shows it.</summary>
    private void Rewrite()
    {
        var path = Path.Join(_model, "model.onnx");
        var time = File.GetLastWriteTimeUtc(path);
        Posix.TryStatus(path, out var before);
        // That time has the grain of the system's tick: written again until it has moved.
        for (var now = before; now.ChangedNanoseconds == before.ChangedNanoseconds; Posix.TryStatus(path, out now))
        {
            File.WriteAllText(path, "WEIGHTS");
            File.SetLastWriteTimeUtc(path, time);
        }
    }
}

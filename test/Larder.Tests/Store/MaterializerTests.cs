using Larder.Content;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class MaterializerTests : IDisposable
{
    private static readonly Digest BlobDigest = Digest.Of(TestBytes.Of(100_000));

    private readonly TempDirectory _directory = new();

    public MaterializerTests()
    {
        File.WriteAllBytes(Blob, TestBytes.Of(100_000));
        using var file = File.OpenHandle(Blob, FileMode.Open, FileAccess.ReadWrite);
        Durability.Seal(file, Blob);
    }

    private string Blob => _directory["blob"];

    private string Target => _directory["target"];

    [Theory]
    [InlineData(MaterializeMode.Auto)]
    [InlineData(MaterializeMode.Hardlink)]
    [InlineData(MaterializeMode.Copy)]
    public void Materialize_AnyMode_GivesTheBytesTheModeAndTheTime(MaterializeMode mode)
    {
        new Materializer(mode).Materialize(Blob, Target, BlobDigest);

        Assert.Equal(TestBytes.Of(100_000), File.ReadAllBytes(Target));
        Assert.Equal(StoreLayout.BlobMode, File.GetUnixFileMode(Target));
        Assert.Equal(StoreLayout.BlobTime.UtcDateTime, File.GetLastWriteTimeUtc(Target));
    }

    [Fact]
    public void Materialize_Hardlink_IsTheBlobItself()
    {
        new Materializer(MaterializeMode.Hardlink).Materialize(Blob, Target, BlobDigest);

        Assert.Equal(2u, Links(Target));
    }

    [Fact]
    public void Materialize_Copy_HasOneLink()
    {
        new Materializer(MaterializeMode.Copy).Materialize(Blob, Target, BlobDigest);

        Assert.Equal((1u, 1u), (Links(Target), Links(Blob)));
    }

    [Fact]
    public void Materialize_AutoWithoutReflinks_LinksEveryFile()
    {
        Assert.SkipWhen(CanReflink(), "this file system shares blocks");
        var materializer = new Materializer(MaterializeMode.Auto);

        materializer.Materialize(Blob, Target, BlobDigest);
        materializer.Materialize(Blob, _directory["second"], BlobDigest);

        Assert.Equal(3u, Links(Blob));
    }

    [Fact]
    public void Materialize_ReflinkWithoutReflinks_SaysWhatToSetAndLeavesNothing()
    {
        Assert.SkipWhen(CanReflink(), "this file system shares blocks");

        var refused = Assert.Throws<StoreException>(() =>
            new Materializer(MaterializeMode.Reflink).Materialize(Blob, Target, BlobDigest)
        );

        Assert.Contains("store.materialize", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void Materialize_CopyOfADamagedBlob_IsRefused()
    {
        var refused = Assert.Throws<StoreException>(() =>
            new Materializer(MaterializeMode.Copy).Materialize(Blob, Target, Digest.Of("other"u8))
        );

        Assert.Contains("larder verify --repair", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Materialize_NameTaken_IsRefused()
    {
        File.WriteAllText(Target, "");

        Assert.Throws<StoreException>(() =>
            new Materializer(MaterializeMode.Hardlink).Materialize(Blob, Target, BlobDigest)
        );
    }

    public void Dispose() => _directory.Dispose();

    private bool CanReflink()
    {
        using var from = File.OpenHandle(Blob);
        using var to = File.OpenHandle(_directory["probe"], FileMode.Create, FileAccess.Write);
        return Posix.TryReflink(from, to);
    }

    private static uint Links(string path) => Posix.TryStatus(path, out var status) ? status.Links : 0;
}

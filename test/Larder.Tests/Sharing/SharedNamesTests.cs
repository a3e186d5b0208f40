using Larder.Content;
using Larder.Sharing;
using Larder.Store;

namespace Larder.Tests.Sharing;

public sealed class SharedNamesTests
{
    private static readonly Digest Digest = Digest.Of("bytes"u8);

    [Fact]
    public void Names_AreThoseOfAStoreOnDisk()
    {
        var layout = new StoreLayout("/store");

        Assert.Equal(layout.Blob(Digest), $"/store/{SharedNames.Blob(Digest)}");
        Assert.Equal(layout.Manifest(Digest), $"/store/{SharedNames.Manifest(Digest)}");
        Assert.Equal(
            layout.Entry("pass", Digest),
            $"/store/{SharedNames.Entry("main", "pass", Digest).Replace("/main/", "/", StringComparison.Ordinal)}"
        );
    }

    [Fact]
    public void Place_OfASigner_CannotBeANamespace()
    {
        var place = SharedNames.Place("main", Digest);

        Assert.Equal($"main.{Digest}", place);
        Assert.Throws<ArgumentException>(() => new SharedCacheOptions { Namespace = place }.Validate());
    }

    [Fact]
    public void TryParseEntry_OfItsOwnName_GivesItsParts()
    {
        Assert.True(
            SharedNames.TryParseEntry(
                SharedNames.Entry("main", "pass", Digest),
                out var place,
                out var kind,
                out var key
            )
        );
        Assert.Equal(("main", "pass", Digest), (place, kind, key));
    }

    [Theory]
    [InlineData("entries/main/pass/ab/cd.json")]
    [InlineData("entries/main/pass/ab")]
    [InlineData("entries/main/pass/x/ab/cdef.json")]
    [InlineData("blobs/sha256/ab/cd")]
    [InlineData("README.md")]
    public void TryParseEntry_OfAnotherName_IsFalse(string name) =>
        Assert.False(SharedNames.TryParseEntry(name, out _, out _, out _));

    [Fact]
    public void TryParseBlob_OfAShortenedName_IsFalse()
    {
        var name = SharedNames.Blob(Digest);

        Assert.True(SharedNames.TryParseBlob(name, out var digest));
        Assert.Equal(Digest, digest);
        for (var length = 0; length < name.Length; length++)
            Assert.False(SharedNames.TryParseBlob(name[..length], out _));
    }
}

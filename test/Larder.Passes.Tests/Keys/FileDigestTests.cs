using Larder.Content;
using Larder.Passes.Keys;
using Larder.TestKit;

namespace Larder.Passes.Tests.Keys;

public sealed class FileDigestTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Read_File_IsTheDigestOfItsBytes()
    {
        File.WriteAllText(_directory["a"], "bytes");

        Assert.Equal($"\"{Digest.Of("bytes"u8)}\"", Read("a").ToJson().ToJsonString());
    }

    [Fact]
    public void Read_Directory_IsTheManifestOfItsFilesWithTheirNames()
    {
        Write("d/x/one", "1");
        Write("d/two", "2");
        File.CreateSymbolicLink(_directory["d/three"], "two");
        var manifest = Manifest.Create([
            new ManifestFile("x/one", 1, Digest.Of("1"u8)),
            new ManifestFile("two", 1, Digest.Of("2"u8)),
            new ManifestFile("three", 1, Digest.Of("2"u8)),
        ]);

        Assert.Equal($$"""{"manifest":"{{manifest.Digest}}"}""", Read("d").ToJson().ToJsonString());
    }

    [Fact]
    public void Read_FileThatIsTheManifestOfADirectory_IsAnotherThanTheDirectory()
    {
        Write("d/one", "1");
        var manifest = Manifest.Create([new ManifestFile("one", 1, Digest.Of("1"u8))]);
        File.WriteAllBytes(_directory["file"], manifest.Bytes.ToArray());

        Assert.Equal(Read("d").Digest, Read("file").Digest);
        Assert.NotEqual(Read("d").ToJson().ToJsonString(), Read("file").ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("nowhere", "is not there")]
    [InlineData("dangling", "is a link to nothing")]
    [InlineData("d/dangling_inside", "is a link to nothing")]
    [InlineData("loop", "leads back to a directory above it")]
    [InlineData("self", "leads nowhere")]
    [InlineData("fifo", "is neither a file nor a directory")]
    [InlineData("empty", "has no file")]
    public void Read_WhatCannotBePartOfAKey_IsToldInASentence(string what, string said)
    {
        var path = what.Split('/')[0];
        switch (what)
        {
            case "dangling":
                File.CreateSymbolicLink(_directory[what], "nowhere");
                break;
            case "d/dangling_inside":
                Directory.CreateDirectory(_directory["d"]);
                File.CreateSymbolicLink(_directory[what], "nowhere");
                break;
            case "loop":
                Write("loop/a/file", "x");
                Directory.CreateSymbolicLink(_directory["loop/a/up"], "..");
                break;
            case "self":
                File.CreateSymbolicLink(_directory[what], "self");
                break;
            case "fifo":
                using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_directory[what]]))
                    mkfifo.WaitForExit();
                break;
            case "empty":
                Directory.CreateDirectory(_directory[what]);
                break;
        }

        var wrong = Assert.Throws<InvalidDataException>(() => Read(path));

        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(_directory[path], wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OneDirectoryTwiceByLinks_IsNoLoop()
    {
        Write("d/real/file", "x");
        Directory.CreateSymbolicLink(_directory["d/again"], "real");

        Assert.Equal(2, Read("d").Files.Count);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("replace")]
    public void HasChanged_AfterAChange_IsTrue(string change)
    {
        Write("d/one", "1");
        Write("d/two", "2");
        var read = Read("d");
        Assert.False(read.HasChanged(TestContext.Current.CancellationToken));
        switch (change)
        {
            case "write":
                Write("d/one", "10");
                break;
            case "add":
                Write("d/three", "3");
                break;
            case "remove":
                File.Delete(_directory["d/one"]);
                break;
            default:
                Write("other", "1");
                File.Move(_directory["other"], _directory["d/one"], overwrite: true);
                break;
        }

        Assert.True(read.HasChanged(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _directory.Dispose();

    private FileDigest Read(string path) => FileDigest.Read(_directory[path], TestContext.Current.CancellationToken);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
        File.WriteAllText(_directory[path], text);
    }
}

using Larder.Content;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Requests;

public sealed class ContentFormTests : IDisposable
{
    private static readonly Digest Abc = Digest.Of("abc"u8);
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Value_Stream_IsWhatIsLeftOfItAndStaysWhereItIs()
    {
        using var stream = new MemoryStream("xxabc"u8.ToArray()) { Position = 2 };

        Assert.Equal($$"""{"$stream":3,"sha256":"{{Abc}}"}""", Asked.Value<Stream>(stream));
        Assert.Equal(2, stream.Position);
    }

    [Fact]
    public void Value_StreamOfAFile_IsItsContent()
    {
        using var stream = new FileInfo(Write("a", "abc")).OpenRead();

        Assert.Equal($$"""{"$stream":3,"sha256":"{{Abc}}"}""", Asked.Value(stream));
    }

    [Fact]
    public void Value_File_IsItsContentWhereverItLies()
    {
        var expected = $$$"""{"$file":{"bytes":3,"sha256":"{{{Abc}}}"}}""";

        Assert.Equal(expected, Asked.Value(new FileInfo(Write("a", "abc"))));
        Assert.Equal(expected, Asked.Value<object>(new FileInfo(Write("b/c", "abc"))));
    }

    [Fact]
    public void Value_FileThatChanged_IsAnother()
    {
        var file = new FileInfo(Write("a", "abc"));
        var before = Asked.Value(file);

        Write("a", "abd");

        Assert.NotEqual(before, Asked.Value(file));
    }

    [Fact]
    public void Value_FileOrDirectoryThatIsMissing_IsItsPath()
    {
        var forms = Asked.Forms(root: _directory.Path);

        Assert.Equal(
            """{"$file":{"missing":"${root}/a"}}""",
            Asked.Value(new FileInfo(Path.Combine(_directory.Path, "a")), forms)
        );
        Assert.Equal(
            """{"$directory":{"missing":"${root}/a"}}""",
            Asked.Value(new DirectoryInfo(Path.Combine(_directory.Path, "a")), forms)
        );
    }

    [Fact]
    public void Value_Directory_IsTheManifestOfItsFiles()
    {
        Write("one/x", "abc");
        Write("one/y/z", "d");
        Write("two/x", "abc");
        Write("two/y/z", "d");
        var one = Asked.Value(new DirectoryInfo(Path.Combine(_directory.Path, "one")));
        var manifest = Manifest.Create([new ManifestFile("x", 3, Abc), new ManifestFile("y/z", 1, Digest.Of("d"u8))]);

        Assert.Equal($$$"""{"$directory":{"files":2,"manifest":"{{{manifest.Digest}}}"}}""", one);
        Assert.Equal(one, Asked.Value(new DirectoryInfo(Path.Combine(_directory.Path, "two"))));
        Write("two/y/z", "e");
        Assert.NotEqual(one, Asked.Value(new DirectoryInfo(Path.Combine(_directory.Path, "two"))));
    }

    [Fact]
    public void Value_EmptyDirectory_HasNoFiles() =>
        Assert.Equal("""{"$directory":{"files":0}}""", Asked.Value(new DirectoryInfo(_directory.Path)));

    [Fact]
    public void Value_DirectoryWithALinkedDirectory_IsRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "loop"), _directory.Path);

        Assert.Contains(
            "link to a directory",
            Asked.Refusal(new DirectoryInfo(_directory.Path)).Message,
            StringComparison.Ordinal
        );
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}

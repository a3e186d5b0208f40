using System.Text;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.Tests.Origins.Http;

public sealed class IndexPageTests
{
    private const string Html = "text/html";
    private static readonly Uri Page = new("http://host/m/");

    public static TheoryData<string, string> Recorded =>
        new()
        {
            { Html, RecordedPages.Nginx },
            { "application/json", RecordedPages.NginxJson },
            { Html, RecordedPages.ApacheSimple },
            { Html, RecordedPages.ApacheFancy },
            { "application/xhtml+xml", RecordedPages.ApacheTable },
        };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Read_PageOfARealServer_HasEachNameOnce(string mediaType, string page) =>
        Assert.Equal(
            [
                new IndexEntry("a&b;c.bin", false),
                new IndexEntry("a:b.bin", false),
                new IndexEntry("hash#?.bin", false),
                new IndexEntry("percent%20.bin", false),
                new IndexEntry("q'\"<>.bin", false),
                new IndexEntry("sub", true),
                new IndexEntry("with space.bin", false),
                new IndexEntry(new string('x', 60) + ".bin", false),
                new IndexEntry("Übermaß-é.bin", false),
            ],
            Read(page, mediaType).OrderBy(entry => entry.Name, StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("../")]
    [InlineData("../other/a.bin")]
    [InlineData("/a.bin")]
    [InlineData("/")]
    [InlineData("./")]
    [InlineData("")]
    [InlineData("?C=N;O=D")]
    [InlineData("a.bin?C=N")]
    [InlineData("a.bin?")]
    [InlineData("a.bin#top")]
    [InlineData("#top")]
    [InlineData("http://other/m/a.bin")]
    [InlineData("https://host/m/a.bin")]
    [InlineData("http://host:81/m/a.bin")]
    [InlineData("//other/m/a.bin")]
    [InlineData("javascript:alert(1)")]
    [InlineData("mailto:a@host")]
    [InlineData("file:///etc/passwd")]
    [InlineData("%2e%2e/a.bin")]
    [InlineData("..\\a.bin")]
    [InlineData("sub/a.bin")]
    [InlineData("http://[")]
    public void Read_LinkToElsewhere_IsNoFile(string link) => Assert.Empty(Read(Index($"<a href=\"{link}\">x</a>")));

    [Theory]
    [InlineData("a.bin")]
    [InlineData("./a.bin")]
    [InlineData("/m/a.bin")]
    [InlineData("//host/m/a.bin")]
    [InlineData("http://host/m/a.bin")]
    [InlineData("http://HOST:80/m/a.bin")]
    [InlineData(" a.bin\n")]
    [InlineData("%61.bin")]
    public void Read_LinkToTheSameFile_IsIt(string link) =>
        Assert.Equal([new IndexEntry("a.bin", false)], Read(Index($"<a href=\"{link}\">x</a>")));

    [Theory]
    [InlineData("%252e%252e", "%2e%2e")]
    [InlineData("%25.bin", "%.bin")]
    [InlineData("100%.bin", "100%.bin")]
    [InlineData("a%2", "a%2")]
    [InlineData("a%C3%BC", "aü")]
    public void Read_EncodedName_IsDecodedOnce(string link, string name) =>
        Assert.Equal([new IndexEntry(name, false)], Read(Index($"<a href=\"{link}\">x</a>")));

    [Theory]
    [InlineData("..%2fa.bin", "is no name of a file")]
    [InlineData("%2Fetc%2Fpasswd", "is no name of a file")]
    [InlineData("%ff.bin", "is not UTF-8. Rename it there")]
    public void Read_NameThatIsNone_IsBroken(string link, string reason) =>
        AssertBroken(Index($"<a href=\"{link}\">x</a>"), Html, reason);

    [Theory]
    [InlineData("""[{"name":"../a.bin","type":"file"}]""", "'../a.bin', which is no name of a file")]
    [InlineData("""[{"name":"..","type":"directory"}]""", "'..', which is no name of a file")]
    [InlineData("""[{"name":"","type":"file"}]""", "'', which is no name of a file")]
    [InlineData("""[{"name":"pipe","type":"other"}]""", "'pipe' is neither a file nor a directory but 'other'")]
    [InlineData("""[{"name":1,"type":"file"}]""", "another JSON document")]
    [InlineData("""[{"title":"a","type":"file"}]""", "another JSON document")]
    [InlineData("""[1]""", "another JSON document")]
    [InlineData("""{"name":"a","type":"file"}""", "another JSON document")]
    [InlineData("""[{"name":"a","type":"file"}""", "another JSON document")]
    [InlineData("", "another JSON document")]
    public void Read_OtherJson_IsBroken(string json, string reason) => AssertBroken(json, "application/json", reason);

    [Theory]
    [InlineData(
        "<html><head><title>Our models</title></head><a href='a.bin'>a</a></html>",
        "its title is 'Our models'"
    )]
    [InlineData("<html><a href='a.bin'>a</a></html>", "its title is ''")]
    [InlineData("", "its title is ''")]
    [InlineData("<html><title>Index of /m/</title><a href='a.bin'>a</a></body>", "ends before </html>")]
    public void Read_OtherHtml_IsBroken(string html, string reason) => AssertBroken(html, Html, reason);

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public void Read_OtherKind_IsBroken(string? mediaType) =>
        AssertBroken(RecordedPages.Nginx, mediaType, $"its kind is '{mediaType}'");

    [Theory]
    [InlineData(Html, "<html><title>Index of /m/</title><a href='../'>..</a></html>")]
    [InlineData("application/json", "[]")]
    public void Read_EmptyDirectory_HasNothing(string mediaType, string page) => Assert.Empty(Read(page, mediaType));

    private static string Index(string body) => $"<html><title>Index of /m/</title><body>{body}</body></html>";

    private static IReadOnlyList<IndexEntry> Read(string page, string? mediaType = Html) =>
        IndexPage.Read(ModelReference.Parse("http://host/m/"), Page, mediaType, Encoding.UTF8.GetBytes(page));

    private static void AssertBroken(string page, string? mediaType, string reason)
    {
        var broken = Assert.Throws<OriginException>(() => Read(page, mediaType));

        Assert.Equal(OriginFailure.Broken, broken.Failure);
        Assert.Contains(reason, broken.Message, StringComparison.Ordinal);
    }
}

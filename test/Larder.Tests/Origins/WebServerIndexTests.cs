using Larder.Origins;

namespace Larder.Tests.Origins;

/// <summary>What the indexes of real servers have in common, and what they do where there is none.</summary>
[Trait("Category", "Integration")]
public sealed class WebServerIndexTests(NginxServer nginx, ApacheServer apache)
    : IClassFixture<NginxServer>,
        IClassFixture<ApacheServer>,
        IDisposable
{
    private readonly HttpOrigin _origin = new();

    [Theory]
    [InlineData("nginx", "html")]
    [InlineData("nginx", "json")]
    [InlineData("apache", "fancy")]
    [InlineData("apache", "simple")]
    [InlineData("apache", "table")]
    public async Task ListAsync_AnyIndex_HasTheSameFiles(string server, string location)
    {
        var web = Server(server);
        string[] paths =
        [
            "100%.bin",
            "a&amp;b;c",
            "a:b",
            "back\\slash",
            "d/e f/g?h#i",
            $"{new string('x', 200)}",
            "y'\"<z>",
            "模型",
        ];
        foreach (var path in paths)
            Put(web, $"{location}-files/{path}", path);

        var listing = await ListAsync(web, $"/{location}/{location}-files/");

        Assert.Equal(
            paths.Select(path => (path, (long?)path.Length)),
            listing.Files.Select(file => (file.Path, file.SizeBytes)).OrderBy(file => file.Path, StringComparer.Ordinal)
        );
        // Their marks are made of just that.
        Assert.All(listing.Files, file => Assert.True(file is { HasOnlySizeAndTime: true, HasRanges: true }));
    }

    [Theory]
    [InlineData("/plain/no-index/", OriginFailure.Denied, "'autoindex on' in nginx")]
    [InlineData("/application/", OriginFailure.Broken, "its title is 'Our models'")]
    public async Task ListAsync_NoIndex_SaysWhatToDo(string path, OriginFailure why, string words)
    {
        Put(nginx, "no-index/a.bin", "a");

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(nginx, path));

        Assert.Equal(why, refused.Failure);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("html", OriginFailure.Changed, "it is a link to nothing, or no regular file")]
    [InlineData("json", OriginFailure.Broken, "'nowhere' is neither a file nor a directory but 'other'")]
    public async Task ListAsync_LinkToNothing_IsNamed(string location, OriginFailure why, string words)
    {
        Put(nginx, $"{location}-link/a.bin", "a");
        File.CreateSymbolicLink(Path.Join(nginx.Root, $"{location}-link", "nowhere"), "gone");

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            ListAsync(nginx, $"/{location}/{location}-link/")
        );

        Assert.Equal(why, refused.Failure);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_DirectoryLinkedInACircle_IsRefused()
    {
        Put(nginx, "circle/a.bin", "a");
        Directory.CreateSymbolicLink(Path.Join(nginx.Root, "circle", "again"), ".");

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(nginx, "/html/circle/"));

        Assert.Contains("deeper than 32 directories", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _origin.Dispose();

    private WebServer Server(string name) => name == "nginx" ? nginx : apache;

    private static void Put(WebServer web, string path, string text)
    {
        var file = Path.Join(web.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, new string('a', text.Length));
        // Apache does not vouch for what changed within this second.
        File.SetLastWriteTimeUtc(file, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private Task<OriginListing> ListAsync(WebServer web, string path) =>
        _origin.ListAsync(
            ModelReference.Parse(new Uri(web.Url, path).AbsoluteUri),
            TestContext.Current.CancellationToken
        );
}

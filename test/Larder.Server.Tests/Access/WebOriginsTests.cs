using Larder.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Tests.Access;

public sealed class WebOriginsTests
{
    [Theory]
    [InlineData("http", "127.0.0.1:8080", "http://127.0.0.1:8080", true)]
    [InlineData("http", "localhost:8080", "http://LOCALHOST:8080", true)]
    [InlineData("http", "[::1]:8080", "http://[::1]:8080", true)]
    [InlineData("https", "larder.example", "https://larder.example", true)]
    [InlineData("http", "larder.example", "http://larder.example", true)]
    [InlineData("http", "larder.example", "https://larder.example", true)] // Encryption ends at a proxy.
    [InlineData("https", "larder.example", "http://larder.example", false)]
    [InlineData("http", "localhost:8080", "http://localhost:3000", false)]
    [InlineData("http", "localhost:8080", "http://localhost", false)]
    [InlineData("http", "localhost:8080", "http://127.0.0.1:8080", false)]
    [InlineData("http", "larder.example", "http://larder.example.evil.example", false)]
    [InlineData("http", "larder.example", "http://evil.example/larder.example", false)]
    [InlineData("http", "larder.example", "null", false)]
    [InlineData("http", "larder.example", "", false)]
    [InlineData("http", "larder.example", "file:///tmp/page.html", false)]
    [InlineData("http", "larder.example", "chrome-extension://larder.example", false)]
    public void IsOurs_Origin_IsThatOfTheServersOwnPagesOnly(string scheme, string host, string origin, bool isOurs)
    {
        var request = Request(scheme, host);
        request.Headers.Origin = origin;

        Assert.Equal(isOurs, WebOrigins.IsOurs(request));
        Assert.Equal(!isOurs, WebOrigins.IsForeign(request));
    }

    [Theory]
    [InlineData("same-origin", false)]
    [InlineData("none", false)]
    [InlineData("same-site", true)]
    [InlineData("cross-site", true)]
    [InlineData("something new", true)]
    public void IsForeign_WithoutAnOrigin_IsWhatTheBrowserSaysOfThePage(string site, bool isForeign)
    {
        var request = Request("http", "localhost:8080");
        request.Headers["Sec-Fetch-Site"] = site;

        Assert.Equal(isForeign, WebOrigins.IsForeign(request));
        Assert.False(WebOrigins.IsOurs(request));
    }

    [Fact]
    public void IsForeign_NoBrowser_IsNot() => Assert.False(WebOrigins.IsForeign(Request("http", "localhost:8080")));

    [Fact]
    public void IsOurs_SeveralOrigins_IsNot()
    {
        var request = Request("http", "localhost:8080");
        request.Headers.Origin = new(["http://localhost:8080", "http://localhost:8080"]);

        Assert.False(WebOrigins.IsOurs(request));
    }

    private static HttpRequest Request(string scheme, string host)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new HostString(host));
        return request;
    }
}

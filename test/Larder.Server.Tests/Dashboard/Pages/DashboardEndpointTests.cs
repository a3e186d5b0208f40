using System.Net;
using System.Text.RegularExpressions;
using Larder.Server.Tests.Access;
using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Dashboard.Pages;

/// <summary>What the pages answer to whom; what they look like is seen in a browser, by Larder.BrowserTests.</summary>
public sealed partial class DashboardEndpointTests : ServerTests
{
    [Fact]
    public async Task Get_Page_AllowsNothingFromElsewhereAndNothingInline()
    {
        var server = await StartWithPricesAsync();

        using var response = await server.Http.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?! src=)", html);
        Assert.DoesNotMatch(" on[a-z]+=", html);
    }

    [Fact]
    public async Task Get_Assets_AreKeptForEverUnderTheirVersionAndAskedForWithout()
    {
        var server = await StartWithPricesAsync();
        var html = await server.Http.GetStringAsync("/", TestContext.Current.CancellationToken);
        var address = AssetAddress().Match(html).Value;

        using var versioned = await server.Http.GetAsync(address, TestContext.Current.CancellationToken);
        using var plain = await server.Http.GetAsync(
            "/dashboard/assets/dashboard.js",
            TestContext.Current.CancellationToken
        );
        using var none = await server.Http.GetAsync(
            "/dashboard/assets/other.js",
            TestContext.Current.CancellationToken
        );

        Assert.Contains("immutable", versioned.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("text/javascript", plain.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", plain.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Get_LivePartThatIsTheSame_IsNotSentAgain()
    {
        var server = await StartWithPricesAsync();
        using var first = await server.Http.GetAsync("/dashboard/live", TestContext.Current.CancellationToken);

        // Within the half second for which a look is kept; else the clock on the page has gone on.
        HttpStatusCode second;
        do
        {
            using var now = await server.Http.GetAsync("/dashboard/live", TestContext.Current.CancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/live");
            request.Headers.IfNoneMatch.Add(now.Headers.ETag!);
            using var again = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            second = again.StatusCode;
            Assert.Equal(
                second == HttpStatusCode.NotModified,
                (await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length == 0
            );
        } while (second != HttpStatusCode.NotModified);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
    }

    [Theory]
    [InlineData("/dashboard/actions")]
    [InlineData("/dashboard/clear")]
    public async Task Post_WithoutTheFormsToken_DoesNothing(string route)
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));

        using var response = await PostAsync(
            server.Http,
            route,
            ("action", "pin"),
            ("model", "prices"),
            ("form", "guess")
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(Assert.Single(server.Files.List()).Pinned);
    }

    [Fact]
    public async Task Post_FormFromAnotherSite_DoesNothing()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));
        var token = await FormTokenAsync(server.Http);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dashboard/actions");
        request.Content = new FormUrlEncodedContent([new("action", "pin"), new("model", "prices"), new("form", token)]);
        request.Headers.Add("Origin", "http://elsewhere.example");

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(Assert.Single(server.Files.List()).Pinned);
    }

    [Theory]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\ncut off"
    )]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "form=x")]
    public async Task Post_FormThatCannotBeRead_DoesNothing(string type, string body)
    {
        var server = await StartWithPricesAsync();
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await server.Http.PostAsync(
            "/dashboard/actions",
            content,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Post_OwnForm_DoesItAndLeadsBackToWhatWasSeen()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));
        using var http = WithoutRedirects(server.Http);

        using var response = await PostAsync(
            http,
            "/dashboard/actions",
            ("action", "pin"),
            ("model", "prices"),
            ("back", "?q=price&by=name"),
            ("form", await FormTokenAsync(server.Http))
        );

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/?q=price&by=name&job=1", response.Headers.Location!.ToString());
        Assert.True(Assert.Single(server.Files.List()).Pinned);
    }

    [Theory]
    [InlineData("model", "nobody", 404)]
    [InlineData("entry", "0123", 404)]
    [InlineData("action", "explode", 400)]
    public async Task Post_WhatIsNotThere_IsTold(string field, string value, int status)
    {
        var server = await StartWithPricesAsync();

        using var response = await PostAsync(
            server.Http,
            "/dashboard/actions",
            ("form", await FormTokenAsync(server.Http)),
            (field, value)
        );

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Pages_WithTokens_AreForThoseWhoMay()
    {
        await using var server = await GuardedServer.StartAsync();
        using var stranger = await server.SendAsync(HttpMethod.Get, "/");
        using var part = await server.SendAsync(HttpMethod.Get, "/dashboard/live");
        using var reader = await server.SendAsync(HttpMethod.Get, "/", server.Tokens.Read);
        using var predictor = await server.SendAsync(HttpMethod.Get, "/", server.Tokens.Predict);
        using var signIn = await server.SendAsync(HttpMethod.Get, "/login?return=/x%22%3E%3Cb%3E&failed=1");
        using var asset = await server.SendAsync(HttpMethod.Get, "/dashboard/assets/dashboard.css");
        using var action = await server.SendAsync(HttpMethod.Post, "/dashboard/actions", server.Tokens.Read);

        Assert.Equal("/login?return=%2F", stranger.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, part.StatusCode);
        Assert.Equal(HttpStatusCode.OK, reader.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, predictor.StatusCode);
        var page = await signIn.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("That did not work", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, action.StatusCode);
    }

    [Fact]
    public async Task Get_NoSuchPage_StaysOutOfTheErrorsOfThePage()
    {
        var server = await StartWithPricesAsync();
        using var lost = await server.Http.GetAsync("/<script>", TestContext.Current.CancellationToken);
        await server.PredictAsync("nobody", "{}");

        var html = await server.Http.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.DoesNotContain("script%3E", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("/api/models/nobody/predict", html, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient http,
        string route,
        params (string Name, string Value)[] fields
    )
    {
        using var content = new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        return await http.PostAsync(route, content, TestContext.Current.CancellationToken);
    }

    private static async Task<string> FormTokenAsync(HttpClient http)
    {
        var html = await http.GetStringAsync("/", TestContext.Current.CancellationToken);
        return FormToken().Match(html).Groups["token"].Value;
    }

    private static HttpClient WithoutRedirects(HttpClient http) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = http.BaseAddress };

    [GeneratedRegex(
        "/dashboard/assets/dashboard[.]js[?]v=[0-9a-f]+",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex AssetAddress();

    [GeneratedRegex("name=\"form\" value=\"(?<token>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FormToken();
}

using System.Net;
using System.Text;
using Larder.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Tests.Access;

public sealed class SessionEndpointTests
{
    private const string Stats = "/api/models/cache/stats";

    [Fact]
    public async Task SignIn_Form_GivesACookieThatNoScriptReadsAndNoOtherSiteSends()
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Form(server.Tokens.Read, "/models?sort=size"));

        Assert.Equal(
            (HttpStatusCode.SeeOther, "/models?sort=size"),
            (response.StatusCode, response.Headers.Location?.OriginalString)
        );
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^larder-session=[A-Za-z0-9_-]{43}; max-age=43200; path=/; samesite=strict; httponly$", cookie);
    }

    [Fact]
    public async Task SignIn_SpacesAroundTheToken_AreNoneOfIt()
    {
        await using var server = await GuardedServer.StartAsync();

        Assert.StartsWith(
            "larder-session=",
            await server.SignInAsync($" {server.Tokens.Read}\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task SignIn_Json_Is204WithTheCookie()
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Json($"{{\"token\": \"{server.Tokens.Read}\"}}"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task SignIn_WrongToken_IsLedBackOrA401()
    {
        await using var server = await GuardedServer.StartAsync();

        using var form = await SignInAsync(server, Form("wrong", "/models"));
        using var json = await SignInAsync(server, Json("{\"token\": \"wrong\"}"));

        Assert.Equal("/login?failed=1&return=%2Fmodels", form.Headers.Location?.OriginalString);
        Assert.False(form.Headers.Contains("Set-Cookie"));
        (await Answer.ReadAsync(json)).AssertProblem(401, "token-wrong");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("models")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("")]
    public async Task SignIn_ReturnToElsewhere_IsToTheStart(string back)
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Form(server.Tokens.Read, back));

        Assert.Equal("/", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task SignIn_ReturnToAPageOfAnotherAlphabet_LeadsThere()
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Form(server.Tokens.Read, "/?search=\u00fc\U0001f95e"));

        Assert.Equal("/?search=%C3%BC%F0%9F%A5%9E", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"\\ud800 half of a pair\": 1}")]
    [InlineData("{\"token\": 3}")]
    [InlineData("{\"token\": \"\\ud800\"}")]
    [InlineData("{\"Token\": \"x\"}")]
    public async Task SignIn_BodyThatSaysNoToken_Is415(string body)
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Json(body));

        (await Answer.ReadAsync(response)).AssertProblem(415, "wrong-content-type");
    }

    [Fact]
    public async Task SignIn_OtherTypeOfBody_Is415()
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, new StringContent(server.Tokens.Read));

        (await Answer.ReadAsync(response)).AssertProblem(415, "wrong-content-type");
    }

    [Theory]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\ncut off"
    )]
    [InlineData("multipart/form-data; boundary=x", "token=x")]
    [InlineData("multipart/form-data", "token=x")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "token=x")]
    [InlineData("application/x-www-form-urlencoded", null)]
    public async Task SignIn_FormThatIsNone_Is415(string type, string? body)
    {
        await using var server = await GuardedServer.StartAsync();
        // Fields have names of bounded length.
        var content = new StringContent(body ?? $"{new string('k', 3000)}=1");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await SignInAsync(server, content);

        (await Answer.ReadAsync(response)).AssertProblem(415, "wrong-content-type");
    }

    [Fact]
    public async Task SignIn_LargeBody_Is413()
    {
        await using var server = await GuardedServer.StartAsync();

        using var response = await SignInAsync(server, Form(new string('a', 20_000), "/"));

        (await Answer.ReadAsync(response)).AssertProblem(413, "too-large");
    }

    [Fact]
    public async Task SignIn_FromAnotherSite_IsRefused()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(
            HttpMethod.Post,
            "/login",
            change: request =>
            {
                request.Content = Form(server.Tokens.Read, "/");
                request.Headers.Add("Origin", "https://evil.example");
            }
        );

        answer.AssertProblem(403, "foreign-origin");
    }

    [Fact]
    public async Task SignIn_ServerWithoutTokens_IsNoRoute()
    {
        await using var server = await GuardedServer.StartOpenAsync();

        (await server.AskAsync(HttpMethod.Post, "/login")).AssertProblem(404, "no-such-route");
    }

    [Fact]
    public async Task Request_WithTheCookie_IsTheTokensBearer()
    {
        Caller? caller = null;
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapGet("/who", (HttpContext context) => (caller = context.Caller())?.Name).Requires(Scope.Read)
        );
        var cookie = await server.SignInAsync(server.Tokens.Read);

        using var asked = await server.SendAsync(HttpMethod.Get, "/who", change: WithCookie(cookie));
        var refused = await server.AskAsync(
            HttpMethod.Delete,
            "/api/models/cache",
            change: WithCookie(cookie, server.Origin)
        );

        Assert.Equal(("watcher", CallerKind.Session), (caller?.Name, caller?.Kind));
        refused.AssertProblem(403, "scope-missing");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Request_ChangeByCookieFromNoPageOfOurs_IsRefusedAndChangesNothing(string? origin)
    {
        await using var server = await GuardedServer.StartAsync();
        var cookie = await server.SignInAsync(server.Tokens.Ops);

        var answer = await server.AskAsync(HttpMethod.Delete, "/api/models/cache", change: WithCookie(cookie, origin));

        answer.AssertProblem(403, "foreign-origin");
    }

    [Fact]
    public async Task Request_ChangeByCookieFromOurPage_IsDone()
    {
        await using var server = await GuardedServer.StartAsync();
        var cookie = await server.SignInAsync(server.Tokens.Ops);

        var answer = await server.AskAsync(
            HttpMethod.Delete,
            "/api/models/cache",
            change: WithCookie(cookie, server.Origin)
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Request_UnknownCookie_Is401()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(HttpMethod.Get, Stats, change: WithCookie("larder-session=abc"));

        answer.AssertProblem(401, "token-missing");
    }

    [Fact]
    public async Task SignOut_ThenTheCookieAgain_Is401()
    {
        await using var server = await GuardedServer.StartAsync();
        var cookie = await server.SignInAsync(server.Tokens.Read);

        using var signedOut = await server.SendAsync(
            HttpMethod.Post,
            "/logout",
            change: WithCookie(cookie, server.Origin)
        );
        var again = await server.AskAsync(HttpMethod.Get, Stats, change: WithCookie(cookie));

        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        Assert.Contains(
            "larder-session=; expires=Thu, 01 Jan 1970",
            Assert.Single(signedOut.Headers.GetValues("Set-Cookie")),
            StringComparison.Ordinal
        );
        again.AssertProblem(401, "token-missing");
    }

    [Fact]
    public async Task SignOut_FromAnotherSite_IsRefusedAndEndsNothing()
    {
        await using var server = await GuardedServer.StartAsync();
        var cookie = await server.SignInAsync(server.Tokens.Read);

        var answer = await server.AskAsync(
            HttpMethod.Post,
            "/logout",
            change: WithCookie(cookie, "https://evil.example")
        );

        answer.AssertProblem(403, "foreign-origin");
        using var still = await server.SendAsync(HttpMethod.Get, Stats, change: WithCookie(cookie));
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task SignIn_Again_EndsTheSessionBefore()
    {
        await using var server = await GuardedServer.StartAsync();
        var before = await server.SignInAsync(server.Tokens.Read);

        using var response = await server.SendAsync(
            HttpMethod.Post,
            "/login",
            change: request =>
            {
                WithCookie(before)(request);
                request.Content = Form(server.Tokens.Admin, "/");
            }
        );

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        (await server.AskAsync(HttpMethod.Get, Stats, change: WithCookie(before))).AssertProblem(401, "token-missing");
    }

    private static Task<HttpResponseMessage> SignInAsync(GuardedServer server, HttpContent content) =>
        server.SendAsync(HttpMethod.Post, "/login", change: request => request.Content = content);

    private static Action<HttpRequestMessage> WithCookie(string cookie, string? origin = null) =>
        request =>
        {
            request.Headers.Add("Cookie", cookie);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
        };

    private static FormUrlEncodedContent Form(string token, string back) =>
        new([new("token", token), new("return", back)]);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

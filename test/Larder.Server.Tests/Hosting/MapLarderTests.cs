using System.Net;
using System.Text.RegularExpressions;
using Larder.Server.Access;
using Larder.Server.Hosting;
using Larder.Server.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Larder.Server.Tests.Hosting;

public sealed partial class MapLarderTests
{
    private static readonly Dictionary<string, string> Prices = new(StringComparer.Ordinal)
    {
        ["models:prices:from"] = new Uri(RunningServer.Sample("house-prices/v1") + "/").AbsoluteUri,
    };

    [Fact]
    public async Task Request_EveryRouteBelowThePath_AsksForATokenUnlessItIsOpen()
    {
        var tokens = new TestTokens();
        await using var app = await HostedApp.StartAsync(Prices, tokens);
        var endpoints = app.Service<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is not null)
            .ToList();
        Assert.True(endpoints.Count >= 15);

        foreach (var endpoint in endpoints)
        {
            var method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "prices", StringComparison.Ordinal);
            using var refused = await app.SendAsync(method, "/larder" + path);
            Assert.True(refused.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Found, path);
        }
        (await app.AskAsync(HttpMethod.Get, "/larder/api/models")).AssertProblem(401, "token-missing");
        (await app.AskAsync(HttpMethod.Get, "/larder/api/models", tokens.Predict)).AssertProblem(403, "scope-missing");
        Assert.Equal(HttpStatusCode.OK, (await app.AskAsync(HttpMethod.Get, "/larder/api/models", tokens.Read)).Status);
        Assert.Equal("ok", (await app.AskAsync(HttpMethod.Get, "/larder/health/live")).Text("status"));
        Assert.Equal((HttpStatusCode.OK, "mine"), await app.AskOwnAsync());
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.7")]
    [InlineData("192.0.2.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "192.0.2.7")]
    [InlineData("2001:db8::1", "::1")]
    [InlineData(null, null)]
    public async Task Request_WithoutTokensFromAnotherMachine_IsRefusedWhereverItListens(string? remote, string? local)
    {
        await using var app = await HostedApp.StartAsync(Prices, use: From(remote, local));

        (await app.AskAsync(HttpMethod.Get, "/larder/api/models")).AssertProblem(403, "other-machine");
        (await app.AskAsync(HttpMethod.Delete, "/larder/api/models/cache")).AssertProblem(403, "other-machine");
        Assert.Equal((HttpStatusCode.OK, "mine"), await app.AskOwnAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.9", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::ffff:127.0.0.9", "::ffff:127.0.0.1")]
    public async Task Request_WithoutTokensFromThisMachine_IsAnswered(string remote, string local)
    {
        await using var app = await HostedApp.StartAsync(Prices, use: From(remote, local));

        Assert.Equal(HttpStatusCode.OK, (await app.AskAsync(HttpMethod.Get, "/larder/api/models")).Status);
    }

    [Fact]
    public async Task Request_WithTokensFromAnotherMachine_IsAnswered()
    {
        var tokens = new TestTokens();
        await using var app = await HostedApp.StartAsync(Prices, tokens, use: From("192.0.2.1", "192.0.2.7"));

        var answer = await app.AskAsync(HttpMethod.Get, "/larder/api/models", tokens.Read);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Request_WithoutTokensByAnotherName_IsRefusedAndTheApplicationAnswersToIt()
    {
        await using var app = await HostedApp.StartAsync(Prices);

        var answer = await app.AskAsync(HttpMethod.Get, "/larder/api/models", change: ByAnotherName);

        answer.AssertProblem(400, "bad-host");
        Assert.Equal((HttpStatusCode.OK, "mine"), await app.AskOwnAsync(ByAnotherName));

        static void ByAnotherName(HttpRequestMessage request) => request.Headers.Host = "rebound.example";
    }

    [Theory]
    [InlineData("GET", "/larder/nothing", 404, "no-such-route")]
    [InlineData("DELETE", "/larder/health/live", 405, "wrong-method")]
    public async Task Request_NoSuchRoute_IsAProblemThatNamesTheWholePath(
        string method,
        string path,
        int status,
        string type
    )
    {
        await using var app = await HostedApp.StartAsync(Prices);

        var answer = await app.AskAsync(HttpMethod.Parse(method), path);

        answer.AssertProblem(status, type);
        Assert.Equal(path, answer.Text("instance"));
        Assert.Contains($"'{path}'", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyAboveTheLimit_IsRefusedAndTheApplicationTakesIt()
    {
        await using var app = await HostedApp.StartAsync(
            new Dictionary<string, string>(Prices, StringComparer.Ordinal) { ["server:max_body"] = "100" },
            use: app => app.MapPost("/upload", (HttpRequest request) => Length(request))
        );

        var answer = await app.AskAsync(HttpMethod.Post, "/larder/api/models/prices/predict", change: WithBody);
        using var own = await app.SendAsync(HttpMethod.Post, "/upload", change: WithBody);

        answer.AssertProblem(413, "too-large");
        Assert.Equal("200", await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        static void WithBody(HttpRequestMessage request) => request.Content = new ByteArrayContent(new byte[200]);

        static async Task<int> Length(HttpRequest request)
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            return (int)bytes.Length;
        }
    }

    [Fact]
    public async Task Request_MoreThanACallerMaySend_IsRefusedAndTheApplicationCountsNone()
    {
        await using var app = await HostedApp.StartAsync(
            new Dictionary<string, string>(Prices, StringComparer.Ordinal) { ["server:requests_per_second"] = "1" }
        );

        HttpStatusCode status;
        do
        {
            status = (await app.AskAsync(HttpMethod.Get, "/larder/api/models")).Status;
        } while (status == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        for (var i = 0; i < 5; i++)
            Assert.Equal((HttpStatusCode.OK, "mine"), await app.AskOwnAsync());
    }

    [Fact]
    public async Task Page_BelowAPath_LeadsNowhereElse()
    {
        await using var app = await HostedApp.StartAsync(Prices);

        foreach (var path in new[] { "/larder", "/larder/", "/larder/dashboard/clear", "/larder/dashboard/live" })
        {
            var html = await app.Http.GetStringAsync(path, TestContext.Current.CancellationToken);
            var addresses = Address().Matches(html).Select(match => match.Groups["to"].Value).ToList();

            Assert.NotEmpty(addresses);
            Assert.All(addresses, to => Assert.StartsWith("/larder/", to, StringComparison.Ordinal));
            foreach (var asset in addresses.Where(to => to.Contains("/assets/", StringComparison.Ordinal)))
            {
                using var answer = await app.SendAsync(HttpMethod.Get, asset);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    [Fact]
    public async Task SignIn_BelowAPath_LeadsThereAndBack()
    {
        var tokens = new TestTokens();
        await using var app = await HostedApp.StartAsync(Prices, tokens);

        using var stranger = await app.SendAsync(HttpMethod.Get, "/larder/?q=x");
        using var signedIn = await SignInAsync(tokens.Read, back: "/larder/?q=x");
        using var without = await SignInAsync(tokens.Read, back: null);
        using var failed = await SignInAsync("wrong", back: null);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var page = await app.SendAsync(HttpMethod.Get, "/larder/", change: With);
        using var signedOut = await app.SendAsync(
            HttpMethod.Post,
            "/larder/logout",
            change: request =>
            {
                With(request);
                request.Headers.Add("Origin", app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
                request.Content = new FormUrlEncodedContent([]);
            }
        );

        Assert.Equal("/larder/login?return=%2Flarder%2F%3Fq%3Dx", stranger.Headers.Location?.OriginalString);
        Assert.Equal("/larder/?q=x", signedIn.Headers.Location?.OriginalString);
        Assert.Equal("/larder/", without.Headers.Location?.OriginalString);
        Assert.Equal("/larder/login?failed=1&return=%2Flarder%2F", failed.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("/larder/login", signedOut.Headers.Location?.OriginalString);

        void With(HttpRequestMessage request) => request.Headers.Add("Cookie", cookie);

        Task<HttpResponseMessage> SignInAsync(string token, string? back) =>
            app.SendAsync(
                HttpMethod.Post,
                "/larder/login",
                change: request =>
                    request.Content = new FormUrlEncodedContent(
                        back is null ? [new("token", token)] : [new("token", token), new("return", back)]
                    )
            );
    }

    [Fact]
    public async Task Map_AtTheRoot_LeavesTheApplicationItsOwnRoutes()
    {
        await using var app = await HostedApp.StartAsync(Prices, path: "/");

        Assert.Equal((HttpStatusCode.OK, "mine"), await app.AskOwnAsync());
        Assert.Equal("ok", (await app.AskAsync(HttpMethod.Get, "/health/live")).Text("status"));
        (await app.AskAsync(HttpMethod.Get, "/nothing")).AssertProblem(404, "no-such-route");
    }

    [Fact]
    public async Task Map_WithinAGroup_AnswersBelowBothPaths()
    {
        var tokens = new TestTokens();
        await using var app = await HostedApp.StartAsync(
            Prices,
            tokens,
            use: app => app.MapGroup("/tools/{team}").MapLarder("/models")
        );

        var models = await app.AskAsync(HttpMethod.Get, "/tools/red/models/api/models/prices", tokens.Read);
        var none = await app.AskAsync(HttpMethod.Get, "/tools/red/models/nothing/", tokens.Read);
        using var page = await app.SendAsync(HttpMethod.Get, "/tools/red/models");

        Assert.Equal("prices", models.Text("model_id"));
        Assert.Equal("/tools/red/models/nothing/", none.Text("instance"));
        Assert.Equal("/tools/red/models/login?return=%2Ftools%2Fred%2Fmodels", page.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Map_WithoutTheServices_SaysWhichLineIsMissing()
    {
        var builder = WebApplication.CreateBuilder();
        await using var app = builder.Build();

        var failure = Assert.Throws<InvalidOperationException>(() => app.MapLarder("/larder"));

        Assert.Contains("builder.AddLarder()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutTokens_SaysWhomItAnswers()
    {
        await using var app = await HostedApp.StartAsync(Prices);

        Assert.Contains(app.Log.Lines, line => line.Contains(" 404 No access tokens", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_HostIsToEnd_KeepsItsOwnTimeLimit()
    {
        await using var app = await HostedApp.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["server:stop_timeout"] = "1 h" }
        );

        Assert.Equal(
            new HostOptions().ShutdownTimeout,
            app.Service<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value.ShutdownTimeout
        );
    }

    private static Action<WebApplication> From(string? remote, string? local) =>
        app =>
            app.Use(
                (context, next) =>
                {
                    context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
                    context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
                    return next(context);
                }
            );

    // Where a page leads to and gets its parts from, but for places on itself.
    [GeneratedRegex(
        "(href|src|action|data-source)=\"(?<to>[^#\"][^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Address();
}

using System.Net;
using System.Text;
using Larder.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Tests.Access;

public sealed class AccessTests
{
    private const string Stats = "/api/models/cache/stats";

    [Fact]
    public async Task Endpoints_AllOfThem_SayWhoMayCallThem()
    {
        await using var server = await GuardedServer.StartAsync();

        var endpoints = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.True(endpoints.Count >= 9);
        Assert.All(
            endpoints,
            endpoint =>
                Assert.True(
                    endpoint.Metadata.GetMetadata<RequiredScope>() is not null
                        != endpoint.Metadata.GetMetadata<OpenToAll>() is not null,
                    endpoint.DisplayName
                )
        );
    }

    [Fact]
    public async Task Endpoints_AllThatNeedAScope_AreClosedWithoutATokenAndWithAnother()
    {
        await using var server = await GuardedServer.StartAsync();
        var endpoints = server
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is not null)
            .ToList();
        Assert.True(endpoints.Count >= 5);

        foreach (var endpoint in endpoints)
        {
            var method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "prices", StringComparison.Ordinal);
            var scope = endpoint.Metadata.GetMetadata<RequiredScope>()!.Scope;
            var others = scope is Scope.Read ? server.Tokens.Predict : server.Tokens.Read;

            if (endpoint.Metadata.GetMetadata<OffersSignIn>() is not null)
            {
                using var page = await server.SendAsync(method, path);
                Assert.StartsWith("/login?return=", page.Headers.Location?.ToString(), StringComparison.Ordinal);
            }
            else
            {
                (await server.AskAsync(method, path)).AssertProblem(401, "token-missing");
            }
            (await server.AskAsync(method, path, others)).AssertProblem(403, "scope-missing");
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Request_OpenRoute_NeedsNoTokenAndMindsNoWrongOne(string path)
    {
        await using var server = await GuardedServer.StartAsync();

        Assert.Equal("ok", (await server.AskAsync(HttpMethod.Get, path)).Text("status"));
        Assert.Equal("ok", (await server.AskAsync(HttpMethod.Get, path, "wrong")).Text("status"));
    }

    [Fact]
    public async Task Request_EachScope_OpensItsRoutesOnly()
    {
        await using var server = await GuardedServer.StartAsync();
        var (predict, read, admin) = (server.Tokens.Predict, server.Tokens.Read, server.Tokens.Admin);

        Assert.Equal("200 403 403", await StatusesAsync(predict));
        Assert.Equal("403 200 403", await StatusesAsync(read));
        Assert.Equal("403 403 200", await StatusesAsync(admin));

        async Task<string> StatusesAsync(string token) =>
            string.Join(' ', await Task.WhenAll(Status(token, Predict), Status(token, Read), Status(token, Clear)));

        async Task<int> Status(string token, Func<HttpRequestMessage> make)
        {
            using var request = make();
            request.Headers.Authorization = new("Bearer", token);
            using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Request_UnknownAndMistypedToken_GetTheSameAnswer()
    {
        await using var server = await GuardedServer.StartAsync();

        var unknown = await server.AskAsync(
            HttpMethod.Get,
            Stats,
            "larder_0000000000000000000000000000000000000000000"
        );
        var mistyped = await server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read[..^1] + "~");

        unknown.AssertProblem(401, "token-wrong");
        Assert.Equal(unknown.Json.GetRawText(), mistyped.Json.GetRawText());
        Assert.Equal(unknown.Headers.WwwAuthenticate.ToString(), mistyped.Headers.WwwAuthenticate.ToString());
        Assert.Equal("Bearer realm=\"larder\", error=\"invalid_token\"", unknown.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_NoToken_IsChallengedWithoutAnError()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(HttpMethod.Get, Stats);

        answer.AssertProblem(401, "token-missing");
        Assert.Equal("Bearer realm=\"larder\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_WithoutTheScope_IsToldWhichItNeeds()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(HttpMethod.Delete, "/api/models/cache", server.Tokens.Read);

        answer.AssertProblem(403, "scope-missing");
        Assert.Contains("'admin'", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(
            "Bearer realm=\"larder\", error=\"insufficient_scope\", scope=\"admin\"",
            answer.Headers.WwwAuthenticate.ToString()
        );
    }

    [Theory]
    [InlineData("Basic", 401, "token-missing")]
    [InlineData("Token", 401, "token-missing")]
    [InlineData("Digest", 401, "token-missing")]
    public async Task Request_RightTokenInAnotherScheme_Is401(string scheme, int status, string type)
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(
            HttpMethod.Get,
            Stats,
            change: request => request.Headers.Authorization = new(scheme, server.Tokens.Read)
        );

        answer.AssertProblem(status, type);
        Assert.Contains("not Bearer", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN\r\n")]
    [InlineData("Authorization: Bearer\r\n")]
    [InlineData("Authorization: Bearer TOKEN TOKEN\r\n")]
    [InlineData("Authorization: Bearer TOKEN, Bearer TOKEN\r\n")]
    [InlineData("Authorization: Bearer HUGE\r\n")]
    public async Task Request_CredentialsThatCannotBeRead_Are400(string header)
    {
        await using var server = await GuardedServer.StartAsync();
        header = header
            .Replace("TOKEN", server.Tokens.Read, StringComparison.Ordinal)
            .Replace("HUGE", new string('a', 8000), StringComparison.Ordinal);

        var answer = await RawRequest.SendAsync(
            server.Http.BaseAddress!,
            $"GET {Stats} HTTP/1.1\r\nHost: localhost\r\n{header}Connection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("urn:larder:problem:credentials-malformed", answer, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_request\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Tokens.Read, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_TokenInTheQuery_IsNone()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(HttpMethod.Get, $"{Stats}?access_token={server.Tokens.Read}");

        answer.AssertProblem(401, "token-missing");
    }

    [Theory]
    [InlineData("GET", "/nowhere", "no-such-route", 404)]
    [InlineData("PATCH", Stats, "wrong-method", 405)]
    public async Task Request_RouteThatIsNone_IsToldToThoseWhoAreKnown(
        string method,
        string path,
        string type,
        int status
    )
    {
        await using var server = await GuardedServer.StartAsync();

        var unknown = await server.AskAsync(HttpMethod.Parse(method), path);
        var known = await server.AskAsync(HttpMethod.Parse(method), path, server.Tokens.Predict);

        unknown.AssertProblem(401, "token-missing");
        known.AssertProblem(status, type);
    }

    [Fact]
    public async Task Request_RouteThatSaysNothingOfItsCallers_IsClosed()
    {
        await using var server = await GuardedServer.StartAsync(map: app => app.MapGet("/forgotten", () => "open"));

        var answer = await server.AskAsync(HttpMethod.Get, "/forgotten", server.Tokens.Ops);

        answer.AssertProblem(403, "not-allowed");
        Assert.Contains(
            server.Log.Lines,
            line => line.StartsWith("Error 422 The route /forgotten", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Request_RouteThatIsOpenAndNeedsAScope_NeedsIt()
    {
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapGroup("/group").IsOpen().MapGet("/admin", () => "done").Requires(Scope.Admin)
        );

        (await server.AskAsync(HttpMethod.Get, "/group/admin")).AssertProblem(401, "token-missing");
    }

    [Fact]
    public async Task Request_ByToken_TellsTheRouteWhoItIs()
    {
        Caller? caller = null;
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapGet("/who", (HttpContext context) => (caller = context.Caller())?.Name).Requires(Scope.Read)
        );

        using var _ = await server.SendAsync(HttpMethod.Get, "/who", server.Tokens.Ops);

        Assert.Equal(("ops", CallerKind.Token), (caller?.Name, caller?.Kind));
        Assert.Equal([Scope.Predict, Scope.Read, Scope.Admin], caller!.Scopes.Order());
    }

    [Fact]
    public async Task Request_PageForPeople_LeadsThereToSignIn()
    {
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapGet("/page", () => "hello").Requires(Scope.Read).LeadsToSignIn()
        );

        using var stranger = await server.SendAsync(HttpMethod.Get, "/page?sort=size&x=1");
        using var known = await server.SendAsync(HttpMethod.Get, "/page", server.Tokens.Read);

        Assert.Equal(HttpStatusCode.Found, stranger.StatusCode);
        Assert.Equal("/login?return=%2Fpage%3Fsort%3Dsize%26x%3D1", stranger.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task Request_OtherHostThanTheConfiguredOnes_IsRefused()
    {
        await using var server = await GuardedServer.StartAsync(options =>
            options with
            {
                Hosts = ["larder.example", "*.internal"],
            }
        );

        Assert.Equal(200, (int)(await AskAs("larder.example")).Status);
        Assert.Equal(200, (int)(await AskAs("a.internal:8080")).Status);
        (await AskAs("evil.example")).AssertProblem(400, "bad-host");

        Task<Answer> AskAs(string host) =>
            server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read, request => request.Headers.Host = host);
    }

    [Fact]
    public async Task Request_TokensAndNoHosts_IsAnsweredByAnyName()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await server.AskAsync(
            HttpMethod.Get,
            Stats,
            server.Tokens.Read,
            request => request.Headers.Host = "any.example"
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", Stats)]
    [InlineData("POST", "/api/models/prices/predict")]
    [InlineData("DELETE", "/api/models/cache")]
    [InlineData("OPTIONS", "/api/models/prices/predict")]
    public async Task Request_PageOfAnotherSiteWithoutTokens_ReachesNothing(string method, string path)
    {
        await using var server = await GuardedServer.StartOpenAsync();

        var byOrigin = await server.AskAsync(
            HttpMethod.Parse(method),
            path,
            change: request => request.Headers.Add("Origin", "https://evil.example")
        );
        var bySite = await server.AskAsync(
            HttpMethod.Parse(method),
            path,
            change: request => request.Headers.Add("Sec-Fetch-Site", "cross-site")
        );

        byOrigin.AssertProblem(403, "foreign-origin");
        bySite.AssertProblem(403, "foreign-origin");
        Assert.DoesNotContain(
            byOrigin.Headers,
            header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Request_OwnPageOrProgramWithoutTokens_IsAnswered()
    {
        await using var server = await GuardedServer.StartOpenAsync();

        var page = await server.AskAsync(
            HttpMethod.Get,
            Stats,
            change: request => request.Headers.Add("Origin", server.Origin)
        );
        var program = await server.AskAsync(HttpMethod.Get, Stats);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.Status, program.Status));
    }

    [Fact]
    public async Task Request_AnyAnswer_IsNeitherKeptNorFramedNorGuessedAt()
    {
        await using var server = await GuardedServer.StartAsync();

        foreach (var token in new[] { server.Tokens.Read, server.Tokens.Predict, null })
        {
            using var response = await server.SendAsync(HttpMethod.Get, Stats, token);
            Assert.True(response.Headers.CacheControl?.NoStore);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        }
    }

    [Fact]
    public async Task Request_EveryWayToPresentATokenWrongly_LeavesItNowhere()
    {
        await using var server = await GuardedServer.StartAsync();
        var canaries = new List<string>
        {
            server.Tokens.Ops,
            server.Tokens.Read,
            "larder_canary0000000000000000000000000000000000000000",
        };
        var seen = new StringBuilder();

        foreach (var canary in canaries.ToList())
        {
            canaries.Add(Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{canary}")));
            foreach (var change in WaysToPresent(canary))
            {
                foreach (var path in new[] { Stats, "/api/models/cache", "/nowhere", "/login", "/logout" })
                {
                    foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
                    {
                        using var response = await server.SendAsync(method, path, change: change);
                        seen.Append(response);
                        seen.Append(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                    }
                }
            }
        }
        seen.AppendJoin('\n', server.Log.Lines);
        seen.Append(await File.ReadAllTextAsync(server.AuditPath, TestContext.Current.CancellationToken));

        var text = seen.ToString();
        Assert.Contains("\"what\":\"sign in\"", text, StringComparison.Ordinal);
        Assert.All(canaries, canary => Assert.DoesNotContain(canary, text, StringComparison.Ordinal));
    }

    private static IEnumerable<Action<HttpRequestMessage>> WaysToPresent(string token) =>
        [
            request => request.Headers.Authorization = new("Bearer", token),
            request => request.Headers.Authorization = new("Token", token),
            request =>
                request.Headers.Authorization = new(
                    "Basic",
                    Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{token}"))
                ),
            request => request.Headers.TryAddWithoutValidation("Authorization", token),
            request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token} {token}"),
            request => request.Headers.TryAddWithoutValidation("Cookie", $"larder-session={token}"),
            request => request.Content = new FormUrlEncodedContent([new("token", token), new("return", "//evil")]),
            request => request.Content = Json($"{{\"token\": \"{token}\"}}"),
            request => request.Content = Json($"{{\"token\": {token}}}"),
            request =>
                request.RequestUri = new Uri($"{request.RequestUri}?token={token}&model_id={token}", UriKind.Relative),
        ];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpRequestMessage Predict() =>
        new(HttpMethod.Post, "/api/models/prices/predict") { Content = Json(RunningServer.Example("house-prices/v1")) };

    private static HttpRequestMessage Read() => new(HttpMethod.Get, Stats);

    private static HttpRequestMessage Clear() => new(HttpMethod.Delete, "/api/models/cache");
}

using System.Net;
using System.Text.Json;
using Larder.Graphs;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Access;

public sealed class AuditLogTests : IDisposable
{
    private const string Cache = "/api/models/cache";
    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Request_OfAnAdmin_IsALineBeforeTheAnswer()
    {
        await using var server = await GuardedServer.StartAsync();

        await server.AskAsync(HttpMethod.Delete, $"{Cache}?model_id=prices", server.Tokens.Ops);

        var line = Assert.Single(Lines(server.AuditPath));
        Assert.Equal(
            """{"who":"ops","by":"token","address":"127.0.0.1","what":"DELETE /api/models/cache","target":"prices","outcome":"done","status":200}""",
            WithoutTime(line)
        );
        Assert.Equal(TimeSpan.Zero, line.GetProperty("time").GetDateTimeOffset().Offset);
        Assert.Contains(
            "Information 423 Audit: ops at 127.0.0.1: DELETE /api/models/cache (prices) done 200 ",
            server.Log.Lines
        );
    }

    [Fact]
    public async Task Request_OfAnAdminThatFailsOrIsRefused_IsALineThatSaysSo()
    {
        await using var server = await GuardedServer.StartAsync();

        await server.AskAsync(HttpMethod.Delete, Cache, server.Tokens.Read);
        await server.AskAsync(HttpMethod.Delete, $"{Cache}?model_id=nope", server.Tokens.Admin);
        await server.AskAsync(HttpMethod.Delete, $"{Cache}?model_id=%0Ano%20id", server.Tokens.Admin);

        Assert.Equal(
            [
                """{"who":"watcher","by":"token","address":"127.0.0.1","what":"DELETE /api/models/cache","target":null,"outcome":"refused","status":403}""",
                """{"who":"keeper","by":"token","address":"127.0.0.1","what":"DELETE /api/models/cache","target":"nope","outcome":"failed","status":404}""",
                """{"who":"keeper","by":"token","address":"127.0.0.1","what":"DELETE /api/models/cache","target":null,"outcome":"failed","status":404}""",
            ],
            Lines(server.AuditPath).Select(WithoutTime)
        );
    }

    [Fact]
    public async Task Request_ThatChangesNothing_IsNoLine()
    {
        await using var server = await GuardedServer.StartAsync();

        await server.AskAsync(HttpMethod.Get, "/api/models", server.Tokens.Ops);
        await server.AskAsync(HttpMethod.Get, "/nowhere", server.Tokens.Ops);

        Assert.Empty(Lines(server.AuditPath));
    }

    [Fact]
    public async Task Request_WithoutTokens_IsOfThisMachine()
    {
        await using var server = await GuardedServer.StartOpenAsync();

        await server.AskAsync(HttpMethod.Delete, Cache);

        Assert.Equal(
            """{"who":"local","by":"local","address":"127.0.0.1","what":"DELETE /api/models/cache","target":null,"outcome":"done","status":200}""",
            WithoutTime(Assert.Single(Lines(server.AuditPath)))
        );
    }

    [Fact]
    public async Task Request_RouteNamesItsTarget_IsInTheLine()
    {
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapPost(
                    "/forms/clear",
                    (HttpContext context) =>
                    {
                        AuditTarget.Set(context, "prices");
                        return "{}";
                    }
                )
                .Requires(Scope.Admin)
        );

        await server.AskAsync(HttpMethod.Post, "/forms/clear", server.Tokens.Admin);

        Assert.Equal("prices", Assert.Single(Lines(server.AuditPath)).GetProperty("target").GetString());
    }

    [Fact]
    public async Task Request_CallerLeavesBeforeTheAnswer_IsALineAllTheSame()
    {
        var gate = new Gate();
        gate.Close();
        await using var server = await GuardedServer.StartAsync(map: app =>
            app.MapPost("/slow", (HttpContext context) => gate.PassAsync(context.RequestAborted)).Requires(Scope.Admin)
        );
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/slow");
        request.Headers.Authorization = new("Bearer", server.Tokens.Admin);
        var asking = server.Http.SendAsync(request, leaving.Token);
        await gate.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        while (Lines(server.AuditPath).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);

        var line = Assert.Single(Lines(server.AuditPath));
        Assert.Equal(
            ("unanswered", 0),
            (line.GetProperty("outcome").GetString(), line.GetProperty("status").GetInt32())
        );
    }

    [Fact]
    public async Task SignIn_AndOut_AreLinesWithTheirOutcome()
    {
        await using var server = await GuardedServer.StartAsync();

        using var failed = await server.SendAsync(
            HttpMethod.Post,
            "/login",
            change: request => request.Content = new FormUrlEncodedContent([new("token", "wrong")])
        );
        var cookie = await server.SignInAsync(server.Tokens.Ops);
        using var signedOut = await server.SendAsync(
            HttpMethod.Post,
            "/logout",
            change: request =>
            {
                request.Headers.Add("Cookie", cookie);
                request.Headers.Add("Origin", server.Origin);
            }
        );
        await server.AskAsync(HttpMethod.Get, "/api/models", "wrong");

        Assert.Equal(
            [
                """{"who":null,"by":null,"address":"127.0.0.1","what":"sign in","target":null,"outcome":"refused","status":401}""",
                """{"who":"ops","by":"session","address":"127.0.0.1","what":"sign in","target":null,"outcome":"done","status":303}""",
                """{"who":"ops","by":"session","address":"127.0.0.1","what":"sign out","target":null,"outcome":"done","status":204}""",
                """{"who":null,"by":null,"address":"127.0.0.1","what":"use a token","target":null,"outcome":"refused","status":401}""",
            ],
            Lines(server.AuditPath).Select(WithoutTime)
        );
    }

    [Fact]
    public async Task WrongToken_ManyTimes_LeavesSomeOutAndSaysHowMany()
    {
        var clock = new ManualTimeProvider();
        using var log = Open(clock);
        var context = new DefaultHttpContext();

        for (var i = 0; i < 40; i++)
            await log.WrongTokenAsync(context, "sign in");
        Assert.Equal(30, Lines(AuditPath).Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        await log.WrongTokenAsync(context, "sign in");
        await log.WrongTokenAsync(context, "sign in");

        var lines = Lines(AuditPath);
        Assert.Equal(32, lines.Count);
        Assert.Equal(10, lines[30].GetProperty("left_out").GetInt32());
        Assert.False(lines[31].TryGetProperty("left_out", out _));
    }

    [Fact]
    public async Task Request_FileCannotBeWrittenAnyMore_IsDoneAndAnErrorInTheLog()
    {
        await using var server = await GuardedServer.StartAsync();
        File.Delete(server.AuditPath);
        Directory.CreateDirectory(server.AuditPath);

        var answer = await server.AskAsync(HttpMethod.Delete, Cache, server.Tokens.Admin);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(server.Log.Lines, line => line.StartsWith("Error 424 The audit log", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_FileThatCannotBeWritten_KeepsTheServerFromStarting()
    {
        File.WriteAllText(_directory["file"], "");

        var failure = Assert.Throws<ConfigurationException>(() =>
            Open(new ManualTimeProvider(), Path.Combine(_directory["file"], "audit.jsonl"))
        );

        Assert.StartsWith("server.audit is '", Assert.Single(failure.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewFile_IsTheOwnersOnly()
    {
        using var log = Open(new ManualTimeProvider());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AuditPath));
    }

    public void Dispose() => _directory.Dispose();

    private string AuditPath => _directory["logs/audit.jsonl"];

    private AuditLog Open(TimeProvider clock, string? path = null) =>
        new(
            new LarderConfiguration
            {
                Source = "the test",
                Store = new ModelCacheOptions(),
                Graphs = new GraphCacheOptions(),
                Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal),
                Warnings = [],
                Server = new ServerOptions { AuditFile = path ?? AuditPath },
            },
            clock,
            NullLogger<AuditLog>.Instance
        );

    private static List<JsonElement> Lines(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string WithoutTime(JsonElement line)
    {
        var text = line.GetRawText();
        return "{" + text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..];
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Access;

public sealed class DeadlineMiddlewareTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly GracefulStop _stop;
    private readonly DefaultHttpContext _context = new();
    private readonly MemoryStream _body = new();

    public DeadlineMiddlewareTests()
    {
        _stop = new GracefulStop(
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
            new ServerOptions(),
            _clock,
            NullLogger<GracefulStop>.Instance
        );
        _context.Response.Body = _body;
    }

    [Fact]
    public async Task Invoke_AnswerTakesTooLong_IsCancelledAndA504()
    {
        var asking = Middleware(Forever, Limit).InvokeAsync(_context);
        _clock.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(asking.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));
        await asking;

        Assert.Equal(504, _context.Response.StatusCode);
        using var problem = JsonDocument.Parse(_body.ToArray());
        Assert.Equal("urn:larder:problem:timed-out", problem.RootElement.GetProperty("type").GetString());
        Assert.Contains("300 s", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NoLimit_WaitsForAsLongAsItTakes()
    {
        using var gone = new CancellationTokenSource();
        _context.RequestAborted = gone.Token;
        var asking = Middleware(Forever, TimeSpan.Zero).InvokeAsync(_context);

        _clock.Advance(TimeSpan.FromDays(100));

        Assert.False(asking.IsCompleted);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Invoke_CallerLeaves_IsNoTimeout()
    {
        using var gone = new CancellationTokenSource();
        _context.RequestAborted = gone.Token;
        var asking = Middleware(Forever, Limit).InvokeAsync(_context);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(0, _body.Length);
        Assert.Equal(gone.Token, _context.RequestAborted);
    }

    [Fact]
    public async Task Invoke_Stream_OutlastsTheLimitAndEndsWithTheServer()
    {
        _context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new Streaming()), "stream"));
        var asking = Middleware(Forever, Limit).InvokeAsync(_context);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(asking.IsCompleted);

        await _stop.StoppingAsync(TestContext.Current.CancellationToken);

        await asking;
        Assert.Equal(200, _context.Response.StatusCode);
    }

    [Fact]
    public async Task Request_PredictionWaitsForTheOriginTooLong_Is504AndTheNextOneWorks()
    {
        var gate = new Gate();
        gate.Close();
        var model = await File.ReadAllBytesAsync(
            Path.Combine(RunningServer.Sample("house-prices/v1"), "model.onnx"),
            TestContext.Current.CancellationToken
        );
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await gate.PassAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, model, "ETag: \"v1\"");
        });
        await using var server = await GuardedServer.StartAsync(
            options => options with { RequestTimeout = TimeSpan.FromMilliseconds(1500) },
            from: origin.Url("/model.onnx")
        );

        var first = await PredictAsync(server);
        gate.Open();
        // On a busy machine the limit, which has to be short for the first, may be too short for a load.
        var second = await PredictAsync(server);
        while (second.Status == HttpStatusCode.GatewayTimeout)
            second = await PredictAsync(server);

        first.AssertProblem(504, "timed-out");
        Assert.Equal(HttpStatusCode.OK, second.Status);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _body.Dispose();
    }

    private static Task<Answer> PredictAsync(GuardedServer server) =>
        server.AskAsync(
            HttpMethod.Post,
            "/api/models/prices/predict",
            server.Tokens.Predict,
            request =>
                request.Content = new StringContent(
                    RunningServer.Example("house-prices/v1"),
                    Encoding.UTF8,
                    "application/json"
                )
        );

    private static Task Forever(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    private DeadlineMiddleware Middleware(RequestDelegate next, TimeSpan limit) =>
        new(next, new ServerOptions { RequestTimeout = limit }, _stop, _clock);
}

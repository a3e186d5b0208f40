using System.Net;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Access;

public sealed class GracefulStopTests
{
    [Fact]
    public async Task Stop_WithADelay_IsNotReadyAndStillAnswers()
    {
        await using var server = await GuardedServer.StartAsync(options =>
            options with
            {
                StopDelay = TimeSpan.FromMinutes(30),
            }
        );
        using var impatience = new CancellationTokenSource();

        var stopping = server.App.StopAsync(impatience.Token);
        var ready = await server.AskAsync(HttpMethod.Get, "/health/ready");
        var live = await server.AskAsync(HttpMethod.Get, "/health/live");
        var stats = await server.AskAsync(HttpMethod.Get, "/api/models/cache/stats", server.Tokens.Read);
        await impatience.CancelAsync();
        await Record.ExceptionAsync(() => stopping);

        Assert.Equal((503, "stopping"), ((int)ready.Status, ready.Text("status")));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.Status, stats.Status));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.AskAsync(HttpMethod.Get, "/health/live"));
    }

    [Fact]
    public async Task Stop_WithADelay_OfOneThatNeverListened_IsAtOnce()
    {
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var options = new ServerOptions { StopDelay = TimeSpan.FromMinutes(30) };
        using var stop = new GracefulStop(
            lifetime,
            options,
            new ManualTimeProvider(),
            NullLogger<GracefulStop>.Instance
        );

        var stopping = stop.StoppingAsync(TestContext.Current.CancellationToken);

        Assert.True(stopping.IsCompletedSuccessfully);
        await stopping;
        Assert.True(stop.IsStopping);
        Assert.True(stop.StreamsEnd.IsCancellationRequested);
    }

    [Fact]
    public async Task Stop_RequestAndStreamUnderWay_EndsTheStreamAndAnswersTheRequest()
    {
        var (request, stream) = (new Gate(), new Gate());
        request.Close();
        stream.Close();
        await using var server = await GuardedServer.StartAsync(map: app =>
        {
            app.MapGet("/wait", (HttpContext context) => request.PassAsync(context.RequestAborted))
                .Requires(Scope.Read);
            app.MapGet("/stream", (HttpContext context) => stream.PassAsync(context.RequestAborted))
                .Requires(Scope.Read)
                .Streams();
        });
        var waiting = server.SendAsync(HttpMethod.Get, "/wait", server.Tokens.Read);
        var streaming = server.SendAsync(HttpMethod.Get, "/stream", server.Tokens.Read);
        await request.Reached;
        await stream.Reached;

        var stopping = server.App.StopAsync(TestContext.Current.CancellationToken);
        using var ended = await streaming;
        Assert.False(waiting.IsCompleted);
        request.Open();
        using var answered = await waiting;
        await stopping;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ended.StatusCode, answered.StatusCode));
    }

    [Fact]
    public async Task Stop_RequestThatDoesNotEndInTime_IsCancelled()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await GuardedServer.StartAsync(
            options => options with { StopTimeout = TimeSpan.Zero },
            app =>
                app.MapGet(
                        "/wait",
                        async (HttpContext context) =>
                        {
                            await using var _ = context.RequestAborted.Register(cancelled.SetResult);
                            started.SetResult();
                            await Task.Delay(Timeout.Infinite, context.RequestAborted);
                        }
                    )
                    .Requires(Scope.Read)
        );
        var waiting = server.SendAsync(HttpMethod.Get, "/wait", server.Tokens.Read);
        await started.Task;

        await Record.ExceptionAsync(() => server.App.StopAsync(TestContext.Current.CancellationToken));

        await cancelled.Task;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => waiting);
    }
}

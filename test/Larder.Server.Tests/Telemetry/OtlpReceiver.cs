using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Tests.Telemetry;

/// <summary>Takes what is sent to it by OTLP over HTTP.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, OtlpMessage Message)> _received;

    private OtlpReceiver(WebApplication app, ConcurrentQueue<(string Path, OtlpMessage Message)> received) =>
        (_app, _received) = (app, received);

    public string Url => _app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var received = new ConcurrentQueue<(string, OtlpMessage)>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost(
            "/v1/{signal}",
            (RequestDelegate)(
                async context =>
                {
                    using var body = new MemoryStream();
                    await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                    received.Enqueue((context.Request.Path.Value!, new OtlpMessage(body.ToArray())));
                    context.Response.ContentType = "application/x-protobuf";
                }
            )
        );
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtlpReceiver(app, received);
    }

    /// <summary>The messages that lie at a path of fields in what came for a signal.</summary>
    public IReadOnlyList<OtlpMessage> Find(string signal, params int[] fields) =>
        [.. _received.Where(sent => sent.Path == $"/v1/{signal}").SelectMany(sent => sent.Message.At(fields))];

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

using Larder.Server.Configuration;
using Larder.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>Cancels a request that takes longer than <c>server.request_timeout</c>, and a stream when the server stops.</summary>
internal sealed class DeadlineMiddleware(
    RequestDelegate next,
    ServerOptions options,
    GracefulStop stop,
    TimeProvider timeProvider
)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Streaming>() is not null)
            return StreamAsync(context);
        return options.RequestTimeout == TimeSpan.Zero ? next(context) : LimitAsync(context);
    }

    private async Task LimitAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        using var deadline = new CancellationTokenSource(options.RequestTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, deadline.Token);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException)
            when (deadline.IsCancellationRequested && !gone.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = gone;
            await ProblemWriter.WriteAsync(context, AccessProblems.TimedOut(options.RequestTimeout));
        }
        finally
        {
            // The source is disposed with this method, and the context is not.
            context.RequestAborted = gone;
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stop.StreamsEnd);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (stop.StreamsEnd.IsCancellationRequested)
        {
            // The end of the stream, as good as any other.
        }
        finally
        {
            context.RequestAborted = gone;
        }
    }
}

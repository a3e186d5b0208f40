using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Http;

/// <summary>Makes every failure of a request a problem document, and logs those that are not the caller's.</summary>
internal sealed class FailureMiddleware(RequestDelegate next, ILogger<FailureMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && Problems.Of(context.Response) is { } problem)
                await ProblemWriter.WriteAsync(context, problem);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, failure);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception failure)
    {
        var id = context.Request.RouteValues.TryGetValue("id", out var value) ? (string)value! : "";
        var problem = Problems.Of(failure, id) ?? Problems.Unforeseen;
        if (problem.Status >= 500)
            logger.RequestFailed(context.Request.Method, context.Request.Path, problem.Status, failure);
        return ProblemWriter.WriteAsync(context, problem);
    }
}

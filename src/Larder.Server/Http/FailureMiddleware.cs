using Microsoft.AspNetCore.Connections;
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
        catch (Exception failure) when (IsOfCallerWhoLeft(context, failure))
        {
            // There is nobody to answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, failure);
        }
    }

    // A body that is being read ends with the connection, which may be told before the request is.
    private static bool IsOfCallerWhoLeft(HttpContext context, Exception failure) =>
        failure is ConnectionResetException
        || (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    private Task AnswerAsync(HttpContext context, Exception failure)
    {
        var id = context.Request.RouteValues.TryGetValue("id", out var value) ? (string)value! : "";
        var problem = Problems.Of(failure, id) ?? Problems.Unforeseen;
        if (problem.Status >= 500)
            logger.RequestFailed(context.Request.Method, context.Request.Path, problem.Status, failure);
        return ProblemWriter.WriteAsync(context, problem);
    }
}

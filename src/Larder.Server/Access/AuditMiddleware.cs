using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Larder.Server.Access;

/// <summary>Has every request to a route of admins remembered, also one that is refused, before its caller hears the answer.</summary>
internal sealed class AuditMiddleware(RequestDelegate next, AuditLog audit)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint() is RouteEndpoint route
            && route.Metadata.GetMetadata<RequiredScope>() is { Scope: Scope.Admin }
            && context.Caller() is not null
        )
            Follow(context, $"{context.Request.Method} {route.RoutePattern.RawText}");
        return next(context);
    }

    private void Follow(HttpContext context, string what)
    {
        var isWritten = false;
        context.Response.OnStarting(WriteAsync);
        // Of an answer that never starts: the connection is gone.
        context.Response.OnCompleted(() => isWritten ? Task.CompletedTask : WriteAsync());

        Task WriteAsync()
        {
            isWritten = true;
            // A caller that has left hears nothing; what it asked for may have been done all the same.
            var isGone = context.RequestAborted.IsCancellationRequested;
            return audit.RequestAsync(
                context,
                what,
                isGone ? AuditOutcome.Unanswered : AuditOutcome.Of(context.Response)
            );
        }
    }
}

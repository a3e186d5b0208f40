using Larder.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Work;

/// <summary>Notes the failures that callers are answered. Stands outside of what writes them.</summary>
internal sealed class FailureRecorder(RequestDelegate next, RecentFailures failures, TimeProvider timeProvider)
{
    // Nothing that a caller sends may fill the page.
    private const int MaxPath = 200;
    private const int MaxDetail = 500;

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<Problem>() is { } problem && IsOfInterest(context, problem))
            failures.Add(
                new RecentFailure(
                    context.Request.Method,
                    Cut(context.Request.Path.Value ?? "/", MaxPath),
                    problem.Status,
                    problem.Type,
                    Cut(problem.Detail, MaxDetail),
                    timeProvider.GetUtcNow()
                )
            );
    }

    // Who was not let in, or asked for a page that is none, found no failure of the server's: anybody could write them here.
    private static bool IsOfInterest(HttpContext context, Problem problem) =>
        problem.Status >= StatusCodes.Status500InternalServerError
        || (
            context.GetEndpoint() is not null
            && problem.Status
                is not (
                    StatusCodes.Status401Unauthorized
                    or StatusCodes.Status403Forbidden
                    or StatusCodes.Status405MethodNotAllowed
                )
        );

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}

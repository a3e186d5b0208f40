using Larder.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Lets those pass who may call the route at hand. A route that says nothing of its callers is closed.</summary>
internal sealed class AuthorizeMiddleware(
    RequestDelegate next,
    AccessTokens tokens,
    AuditLog audit,
    ILogger<AuthorizeMiddleware> logger
)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (!tokens.AreNeeded || IsOpen(endpoint))
            return next(context);
        var identity = context.Features.GetRequiredFeature<Identity>();
        if (identity.Caller is not { } caller)
            return RefuseAsync(context, identity, endpoint);
        return Fault(context, caller, endpoint) is { } problem
            ? ProblemWriter.WriteAsync(context, problem)
            : next(context);
    }

    private Problem? Fault(HttpContext context, Caller caller, Endpoint? endpoint)
    {
        // The browser adds the cookie to whatever it sends, so a page elsewhere could have it sent.
        if (caller.Kind == CallerKind.Session && !IsSafe(context.Request.Method) && !WebOrigins.IsOurs(context.Request))
            return AccessProblems.ForeignOrigin;
        if (endpoint?.Metadata.GetMetadata<RequiredScope>() is { Scope: var scope })
            return caller.Has(scope) ? null : AccessProblems.MissingScope(scope);
        // That there is no such route, or not for this method, may be told to everybody who is known.
        if (endpoint is not RouteEndpoint route)
            return null;
        logger.RouteWithoutScope(route.RoutePattern.RawText ?? "");
        return AccessProblems.NoScope;
    }

    private async Task RefuseAsync(HttpContext context, Identity identity, Endpoint? endpoint)
    {
        if (identity.HasWrongToken)
            await audit.WrongTokenAsync(context, "use a token");
        if (HttpMethods.IsGet(context.Request.Method) && endpoint?.Metadata.GetMetadata<OffersSignIn>() is not null)
        {
            var pathBase = context.Request.PathBase;
            var asked = pathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect(
                $"{pathBase.ToUriComponent()}{SessionEndpoint.SignInPage}?return={Uri.EscapeDataString(asked)}"
            );
            return;
        }
        await ProblemWriter.WriteAsync(context, identity.Refusal!);
    }

    // A route in a group that is open may need a scope all the same.
    private static bool IsOpen(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<OpenToAll>() is not null
        && endpoint.Metadata.GetMetadata<RequiredScope>() is null;

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}

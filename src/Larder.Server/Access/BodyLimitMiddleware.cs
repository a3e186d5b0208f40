using Larder.Server.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Larder.Server.Access;

/// <summary>Has the listener refuse a body that is larger than <c>server.max_body</c>; a route that takes less says so itself.</summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, ServerOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = options.MaxBodyBytes;
        return next(context);
    }
}

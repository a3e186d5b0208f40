using Larder.Server.Dashboard.Components;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary><c>GET /login</c>: where people sign in. Whether a token is one is told by <c>POST /login</c>.</summary>
internal sealed class SignInEndpoint(PageRenderer renderer)
{
    public Task GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var back = query["return"].ToString() is { Length: > 0 } page
            ? page
            : context.Request.PathBase.ToUriComponent() + "/";
        return renderer.WriteAsync<SignInPage, SignInView>(context, new SignInView(back, query["failed"] == "1"));
    }
}

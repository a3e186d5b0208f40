using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Who is looking at a page.</summary>
/// <param name="Name">The name of the token; null where the server asks for none.</param>
/// <param name="CanAdmin">Whether there are buttons for him.</param>
internal sealed record Caller(string? Name, bool CanAdmin)
{
    public static Caller Of(HttpContext context) => new(context.User.Identity?.Name, CanAdmin: true);
}

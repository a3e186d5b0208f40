using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>What an action is done to, where neither the route nor <c>model_id</c> says it: a form of the dashboard, say.</summary>
internal sealed record AuditTarget(string Name)
{
    /// <summary>Says it for the request at hand.</summary>
    public static void Set(HttpContext context, string name) => context.Features.Set(new AuditTarget(name));
}

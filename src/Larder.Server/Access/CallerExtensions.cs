using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>Who sent the request at hand.</summary>
internal static class CallerExtensions
{
    /// <summary>The caller; null for one that is not known, whom only open routes answer.</summary>
    public static Caller? Caller(this HttpContext context) => context.Features.Get<Identity>()?.Caller;
}

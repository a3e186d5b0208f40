using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>What became of a request, in the words of the audit log.</summary>
internal static class AuditOutcome
{
    public const string Done = "done";
    public const string Refused = "refused";
    public const string Failed = "failed";
    public const string Unanswered = "unanswered";

    public static string Of(HttpResponse response) =>
        response.StatusCode switch
        {
            < 400 => Done,
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => Refused,
            _ => Failed,
        };
}

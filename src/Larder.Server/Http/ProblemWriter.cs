using System.Globalization;
using System.Text.Json;
using Larder.Server.Access;
using Larder.Server.Inference;
using Larder.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary>Writes problem documents.</summary>
internal static class ProblemWriter
{
    public const string TypePrefix = "urn:larder:problem:";

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        // For whoever looks at answers when they are done.
        context.Features.Set(problem);
        ServerMeter.CountProblem(problem);
        var response = context.Response;
        response.Clear();
        StandardHeaders.SetOn(response);
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.Allow is { } methods)
            response.Headers.Allow = methods;
        if (problem.Challenge is { } challenge)
            response.Headers.WWWAuthenticate = challenge;
        if (problem.RetryAfter is { } after)
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("type", TypePrefix + problem.Type);
            json.WriteString("title", problem.Title);
            json.WriteNumber("status", problem.Status);
            json.WriteString("detail", problem.Detail);
            json.WriteString("instance", (context.Request.PathBase + context.Request.Path).Value);
            // Clients of this protocol look for the message there, and nowhere else.
            if (context.Request.Path.StartsWithSegments(InferenceRoutes.Prefix, StringComparison.OrdinalIgnoreCase))
                json.WriteString("error", problem.Detail);
            if (problem.Errors.Count > 0)
            {
                json.WriteStartArray("errors");
                foreach (var (path, message) in problem.Errors)
                {
                    json.WriteStartObject();
                    json.WriteString("path", path);
                    json.WriteString("message", message);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}

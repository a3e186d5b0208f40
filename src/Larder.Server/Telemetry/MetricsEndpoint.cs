using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Larder.Server.Telemetry;

/// <summary><c>GET /metrics</c>.</summary>
internal sealed class MetricsEndpoint(MetricCollector collector)
{
    public async Task GetAsync(HttpContext context)
    {
        var text = new PrometheusText(WantsOpenMetrics(context.Request));
        foreach (var (family, series) in collector.Collect())
            text.Write(family, series);
        var bytes = Encoding.UTF8.GetBytes(text.End());
        context.Response.ContentType = text.ContentType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.Vary = HeaderNames.Accept;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static bool WantsOpenMetrics(HttpRequest request)
    {
        // What cannot be read asks for nothing.
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var wanted))
            return false;
        var openMetrics = QualityOf(wanted.Where(IsOpenMetrics));
        return openMetrics > 0 && openMetrics >= QualityOf(wanted.Where(IsPlainText));
    }

    private static bool IsOpenMetrics(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
        && type.Parameters.FirstOrDefault(parameter => parameter.Name == "version")?.Value is var version
        && (!version.HasValue || version.Value.ToString() == "1.0.0");

    private static bool IsPlainText(MediaTypeHeaderValue type) =>
        type.MatchesAllTypes
        || (
            type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            && (type.MatchesAllSubTypes || type.SubType.Equals("plain", StringComparison.OrdinalIgnoreCase))
        );

    private static double QualityOf(IEnumerable<MediaTypeHeaderValue> types) =>
        types.Select(type => type.Quality ?? 1).DefaultIfEmpty(0).Max();
}

using System.Globalization;

namespace Larder.Server.Tests.Telemetry;

/// <summary>What <c>/metrics</c> answered.</summary>
internal sealed record MetricsText(string Text, string? ContentType)
{
    public static async Task<MetricsText> GetAsync(HttpClient http, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new MetricsText(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.ToString()
        );
    }

    /// <summary>The value of a sample as it is written, name and labels; null when it is not there.</summary>
    public double? this[string sample] =>
        Text.Split('\n').FirstOrDefault(line => line.StartsWith($"{sample} ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line[(sample.Length + 1)..], CultureInfo.InvariantCulture)
            : null;
}

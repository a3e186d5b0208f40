using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Larder.Server.Tests;

/// <summary>What the server answered: one JSON document.</summary>
internal sealed record Answer(
    HttpStatusCode Status,
    JsonElement Json,
    HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders
)
{
    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        return new Answer(
            response.StatusCode,
            document.RootElement.Clone(),
            response.Headers,
            response.Content.Headers
        );
    }

    /// <summary>A value by its path, such as <c>cache.files</c>.</summary>
    public JsonElement this[string path] =>
        path.Split('.').Aggregate(Json, (element, name) => element.GetProperty(name));

    /// <summary>A text or a number by its path.</summary>
    public string Text(string path) => this[path].ToString();

    /// <summary>The paths of a problem's errors.</summary>
    public IEnumerable<string> ErrorPaths =>
        this["errors"].EnumerateArray().Select(error => error.GetProperty("path").GetString()!);

    /// <summary>Fails unless it is a problem of that status and type, with nothing in it that names this machine.</summary>
    public void AssertProblem(int status, string type)
    {
        Assert.Equal((status, $"urn:larder:problem:{type}"), ((int)Status, Text("type")));
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.ToString());
        Assert.Equal(status, this["status"].GetInt32());
        Assert.NotEmpty(Text("title"));
        Assert.NotEmpty(Text("detail"));
        var whole = Json.GetRawText();
        Assert.DoesNotContain(Path.GetTempPath(), whole, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", whole, StringComparison.Ordinal);
    }
}

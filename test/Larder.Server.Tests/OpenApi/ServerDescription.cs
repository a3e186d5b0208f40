using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Larder.TestKit;

namespace Larder.Server.Tests.OpenApi;

/// <summary>What a server says of itself, and requests that hold it to that.</summary>
internal sealed class ServerDescription
{
    private readonly HttpClient _http;
    private readonly SchemaCheck _check;

    private ServerDescription(HttpClient http, string text)
    {
        (_http, Text, Document) = (http, text, JsonNode.Parse(text)!);
        _check = new SchemaCheck(Document, namesAll: true);
    }

    public string Text { get; }

    public JsonNode Document { get; }

    /// <summary>The operations: the method, the path, and what is said of it.</summary>
    public IEnumerable<(HttpMethod Method, string Path, JsonNode Operation)> Operations =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (HttpMethod.Parse(operation.Key), path.Key, operation.Value!);

    public static async Task<ServerDescription> OfAsync(HttpClient http) =>
        new(http, await http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

    /// <summary>Follows a reference.</summary>
    public JsonNode Resolve(JsonNode node) =>
        node["$ref"] is { } reference
            ? reference.GetValue<string>().Split('/').Skip(1).Aggregate(Document, (parent, name) => parent[name]!)
            : node;

    /// <summary>The places where a value is not what a schema of the document says.</summary>
    public IReadOnlyList<string> FaultsOf(JsonNode? value, JsonNode schema) => _check.FaultsOf(value, schema);

    /// <summary>Every example of the document with the schema beside it, and where it stands.</summary>
    public IEnumerable<(string Place, JsonNode Example, JsonNode Schema)> Examples() => ExamplesIn(Document);

    /// <summary>Sends a request and fails unless its answer is one that the document describes.</summary>
    /// <param name="operationId">Which operation.</param>
    /// <param name="status">The status that is expected.</param>
    /// <param name="body">The body, in JSON.</param>
    /// <param name="query">What stands behind the path, with its question mark.</param>
    /// <param name="token">The caller's token.</param>
    /// <param name="values">What stands for the path's parameters, in place of their examples.</param>
    public async Task<JsonNode?> SendAsync(
        string operationId,
        int status,
        JsonNode? body = null,
        string query = "",
        string? token = null,
        params IReadOnlyList<(string Name, string Value)> values
    )
    {
        var (method, path, operation) = Operations.Single(one =>
            one.Operation["operationId"]!.ToString() == operationId
        );
        foreach (var (name, value) in values)
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var known = Resolve(parameter!);
            path = path.Replace($"{{{known["name"]}}}", known["example"]?.ToString(), StringComparison.Ordinal);
        }
        using var request = new HttpRequestMessage(method, path + query);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(status == (int)response.StatusCode, $"{operationId}: {(int)response.StatusCode} {text}");
        var described = Resolve(operation["responses"]![$"{status}"] ?? operation["responses"]!["default"]!);
        var mediaType = response.Content.Headers.ContentType!.MediaType!;
        var content = described["content"]?[mediaType];
        Assert.True(content is not null, $"{operationId}: {status} has no content of {mediaType}.");
        if (!mediaType.EndsWith("json", StringComparison.Ordinal))
            return null;
        var answer = JsonNode.Parse(text);
        Assert.Empty(FaultsOf(answer, content["schema"]!));
        return answer;
    }

    private static IEnumerable<(string Place, JsonNode Example, JsonNode Schema)> ExamplesIn(JsonNode? node)
    {
        if (node is JsonArray items)
            return items.SelectMany(ExamplesIn);
        if (node is not JsonObject members)
            return [];
        var schema = members["schema"] ?? members;
        var here = members
            .Where(member => member.Key == "example")
            .Select(member => (member.Value!.GetPath(), member.Value!, schema))
            .Concat(
                (members["examples"] as JsonObject ?? []).Select(named =>
                    (named.Value!.GetPath(), named.Value!["value"]!, schema)
                )
            );
        return here.Concat(
            members
                .Where(member => member.Key is not ("example" or "examples"))
                .SelectMany(member => ExamplesIn(member.Value))
        );
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larder.Server.Access;
using Larder.Server.Tests.Access;
using Larder.Server.Tests.Http;
using Larder.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Larder.Server.Tests.OpenApi;

/// <summary>The description of the server is true: its routes, its scopes, its examples, its answers.</summary>
public sealed partial class OpenApiEndpointTests : ServerTests
{
    // The dashboard and where one signs in to it are for browsers.
    private static bool IsForBrowsers(string route) =>
        route is "/" or "/login" or "/logout" || route.StartsWith("/dashboard/", StringComparison.Ordinal);

    [Fact]
    public async Task Document_ReadByTheUsualLibrary_HasNoFault()
    {
        var description = await ServerDescription.OfAsync((await StartAsync()).Http);

        var (document, diagnostic) = OpenApiDocument.Parse(description.Text, OpenApiConstants.Json);

        Assert.Empty(diagnostic!.Errors.Select(fault => $"{fault.Pointer}: {fault.Message}"));
        Assert.Empty(diagnostic.Warnings.Select(fault => $"{fault.Pointer}: {fault.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.NotEmpty(document!.Paths);
        Assert.Matches("^[0-9]+[.][0-9]+", document.Info.Version);
        Assert.Equal(
            document.Paths.Sum(path => path.Value.Operations!.Count),
            document.Paths.SelectMany(path => path.Value.Operations!.Values).DistinctBy(one => one.OperationId).Count()
        );
    }

    [Fact]
    public async Task Document_OfEveryRouteForPrograms_SaysItsMethodItsParametersAndItsScope()
    {
        await using var server = await GuardedServer.StartAsync();
        var description = await ServerDescription.OfAsync(server.Http);

        var routes = server
            .Get<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => !IsForBrowsers(route.RoutePattern.RawText!))
            .Select(route =>
                string.Join(
                    ' ',
                    Assert.Single(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods),
                    route.RoutePattern.RawText,
                    string.Join(',', route.RoutePattern.Parameters.Select(parameter => parameter.Name)),
                    route.Metadata.GetMetadata<RequiredScope>() is { } required ? ScopeNames.Of(required.Scope) : "open"
                )
            );

        Assert.Equal(
            routes.Order(StringComparer.Ordinal),
            description
                .Operations.Select(one =>
                    string.Join(
                        ' ',
                        one.Method,
                        one.Path,
                        string.Join(
                            ',',
                            (one.Operation["parameters"]?.AsArray() ?? [])
                                .Select(parameter => description.Resolve(parameter!))
                                .Where(parameter => parameter["in"]!.ToString() == "path")
                                .Select(parameter => parameter["name"])
                        ),
                        one.Operation["security"]!.AsArray() is [{ } security]
                            ? Assert.Single(security["token"]!.AsArray())!.ToString()
                            : "open"
                    )
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Document_ItsExamples_FitTheSchemasBesideThem()
    {
        var description = await ServerDescription.OfAsync((await StartAsync()).Http);
        var examples = description.Examples().ToList();

        Assert.True(examples.Count > 30);
        Assert.All(
            examples,
            one => Assert.Empty(description.FaultsOf(one.Example, one.Schema).Select(fault => $"{one.Place} {fault}"))
        );
    }

    [Fact]
    public async Task Document_ItsProblems_AreThoseOfThePage()
    {
        var description = await ServerDescription.OfAsync((await StartAsync()).Http);
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "http.md"),
            TestContext.Current.CancellationToken
        );
        var types = ProblemType().Matches(page).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        var problems = description.Document["components"]!["responses"]!
            .AsObject()
            .Select(response =>
                response.Value!["content"]!["application/problem+json"]!["example"]!["type"]!.ToString()
            )
            .ToList();

        Assert.True(problems.Count >= 6);
        Assert.All(problems, type => Assert.Contains(type["urn:larder:problem:".Length..], types));
    }

    [Theory]
    [InlineData("""{"status": "ok"}""")]
    [InlineData("""{"status": "ok", "more": 1}""", "$.more: additionalProperties")]
    [InlineData("""{"status": "good"}""", "$.status: enum")]
    [InlineData("""{}""", "$: required")]
    public async Task Faults_OfAnAnswerThatIsNotDescribed_AreFound(string answer, params string[] faults)
    {
        var description = await ServerDescription.OfAsync((await StartAsync()).Http);
        var schema = description.Document["components"]!["schemas"]!["Health"]!;

        Assert.Equal(faults, description.FaultsOf(JsonNode.Parse(answer), schema));
    }

    [Fact]
    public async Task Examples_SentAsTheyAre_AreAnswered()
    {
        var server = await StartAsync(RunningServer.Model("house-prices", RunningServer.Sample("house-prices/v1")));
        var description = await ServerDescription.OfAsync(server.Http);
        var sent = 0;

        foreach (var (_, _, operation) in description.Operations)
        {
            if (operation["requestBody"]?["content"]?["application/json"] is not { } content)
                continue;
            var bodies = content["examples"] is { } several
                ? several.AsObject().Select(example => example.Value!["value"]!)
                : [content["example"]!];
            foreach (var body in bodies)
            {
                Assert.Empty(description.FaultsOf(body, content["schema"]!));
                await description.SendAsync(operation["operationId"]!.ToString(), 200, body);
                sent++;
            }
        }

        Assert.Equal(5, sent);
    }

    [Fact]
    public async Task Answers_OfEveryOperation_AreWhatTheDocumentSays()
    {
        var server = await StartAsync(
            RunningServer.Model("house-prices", RunningServer.Sample("house-prices/v1")),
            RunningServer.Model("sentiment", RunningServer.Sample("sentiment")),
            RunningServer.Model("nowhere", At("nowhere"))
        );
        var description = await ServerDescription.OfAsync(server.Http);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        Task<JsonNode?> Ask(
            string operationId,
            int status = 200,
            JsonNode? body = null,
            string query = "",
            params IReadOnlyList<(string Name, string Value)> values
        )
        {
            asked.Add(operationId);
            return description.SendAsync(operationId, status, body, query, values: values);
        }

        // Before anything is stored, with problems, and after; the optional parts of answers are there once at least.
        await Ask("listModels");
        await Ask("getStatistics");
        await Ask("pinModel", 409);
        await Ask("warmModel", query: "?files_only=true");
        await Ask("warmModel", 400, query: "?files_only=perhaps");
        await Ask("warmModel", 502, values: ("id", "nowhere"));
        var warmed = await Ask("warmModel");
        (string, string) version = ("version", warmed!["model_version"]!.ToString());
        await Ask("pinModel");
        await Ask("unpinModel");
        await Ask("refreshModel");
        await Ask("predict", 400, new JsonObject());
        await Ask("predict", 400, JsonNode.Parse("""{"inputs": {"rooms": "four"}}"""));
        await Ask("predict", 404, new JsonObject(), values: ("id", "no-such"));
        await Ask("predict", body: JsonNode.Parse("""{"inputs": {"text": "fine"}}"""), values: ("id", "sentiment"));
        await Ask("getModel");
        await Ask("getModel", values: ("id", "nowhere"));
        await Ask("getModel", 404, values: ("id", "no-such"));
        await Ask("listModels");
        await Ask("getStatistics");
        await Ask("isLive");
        await Ask("isReady");
        await Ask("getMetrics");
        await Ask("getOpenApi");
        await Ask("getServerMetadata");
        await Ask("isServerLive");
        await Ask("isServerReady");
        await Ask("getModelMetadata", values: ("id", "sentiment"));
        await Ask("isModelReady");
        await Ask("infer", 400, new JsonObject());
        await Ask(
            "infer",
            body: JsonNode.Parse(
                """{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["fine"]}], "parameters": {"binary_data_output": true}}"""
            ),
            values: ("id", "sentiment")
        );
        await Ask("getModelMetadataVersion", values: version);
        await Ask("getModelMetadataVersion", 404, values: ("version", "2"));
        await Ask("isModelReadyVersion", values: version);
        await Ask("inferVersion", 400, new JsonObject(), values: version);
        await Ask("clearCache", query: "?model_id=sentiment");
        await Ask("clearCache", 400, query: "?id=sentiment");
        await Ask("clearCache", 404, query: "?model_id=no-such");
        await Ask("clearCache");

        Assert.Empty(description.Operations.Select(one => one.Operation["operationId"]!.ToString()).Except(asked));
    }

    [Fact]
    public async Task Answers_WithoutATokenAndWithTheWrongOne_AreWhatTheDocumentSays()
    {
        await using var server = await GuardedServer.StartAsync();
        var description = await ServerDescription.OfAsync(server.Http);

        foreach (var (_, _, operation) in description.Operations)
        {
            if (operation["security"]!.AsArray() is not [{ } security])
                continue;
            var id = operation["operationId"]!.ToString();
            var lacks = security["token"]![0]!.ToString() == "read" ? server.Tokens.Predict : server.Tokens.Read;

            await description.SendAsync(id, 401);
            await description.SendAsync(id, 401, token: "larder_none");
            await description.SendAsync(id, 403, token: lacks);
        }
    }

    [GeneratedRegex("(?<=`)[a-z]+(-[a-z]+)+(?=`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProblemType();
}

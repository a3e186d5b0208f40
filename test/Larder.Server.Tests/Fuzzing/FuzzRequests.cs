using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Larder.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Makes requests to all routes of a server, valid ones and broken ones: the same for the same seed.</summary>
[SuppressMessage("Security", "CA5394", Justification = "A seed is to give the same requests again.")]
internal sealed class FuzzRequests(FuzzServer server, int seed)
{
    private const string BinaryDocument =
        """{"inputs": [{"name": "input0", "shape": [2, 2], "datatype": "UINT32", "parameters": {"binary_data_size": 16}}, {"name": "input1", "shape": [3], "datatype": "BOOL", "parameters": {"binary_data_size": 3}}], "outputs": [{"name": "output0", "parameters": {"binary_data": true}}]}""";

    private static readonly byte[] BinaryTensors = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1, 1, 1];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];
    private static readonly string[] RefusedMethods = ["CONNECT", "G(T", "get\u00e9", "", new('M', 9000)];

    private static readonly string[] Queries =
    [
        "model_id",
        "files_only",
        "return",
        "failed",
        "v",
        "model",
        "entry",
        "range",
        "search",
        "sort",
        "page",
        "job",
    ];

    private static readonly string[] Actions = ["warm", "pin", "unpin", "refresh", "verify", "clear", "__proto__", ""];

    private static readonly string[] Headers =
    [
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Cookie",
        "Host-Override",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Referer",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-HTTP-Method-Override",
        "X-Request-Id",
        "traceparent",
        "tracestate",
        "baggage",
        "Forwarded",
        "Upgrade-Insecure-Requests",
        "Content-Encoding",
        "Inference-Header-Content-Length",
    ];

    // Where the listener may answer by itself.
    private static readonly string[] RefusedHeaders =
    [
        "Host: another",
        "no colon",
        " folded",
        ": no name",
        "Bad Name: x",
        "X-Null: a\0b",
        "X-Latin: \u00e9\u00ff",
        "Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: 1, 2",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
        $"X-Long: {new string('x', 40_000)}",
    ];

    private readonly Random _random = new(seed);
    private readonly FuzzBodies _bodies = new(new Random(seed));

    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        var route = server.Routes[_random.Next(server.Routes.Count)];
        // Where something is sent there is more to go wrong.
        if (!MethodsOf(route).Contains("POST") && !Rarely(3))
            route = server.Routes[_random.Next(server.Routes.Count)];
        var methods = MethodsOf(route);
        var method = Rarely(10) ? Pick(Methods) : methods[_random.Next(methods.Count)];
        var id = Rarely(8) ? Pick(Evil.Segments) : FuzzServer.Ids[_random.Next(FuzzServer.Ids.Count)];
        var isWellFormed = true;
        var target = Target(route, id, ref isWellFormed);
        if (Rarely(200))
            (method, isWellFormed) = (Pick(RefusedMethods), false);

        var headers = new List<string>
        {
            Rarely(25)
                ? $"Host: {Pick(["", "evil.example", "[", "a:b", "localhost:1"])}"
                : $"Host: {server.Address.Authority}",
        };
        if (headers[0] is "Host: " or "Host: [" or "Host: a:b")
            isWellFormed = false;
        AddCredentials(headers, route.Metadata.GetMetadata<RequiredScope>()?.Scope, ref isWellFormed);
        var (body, type, length) = Body(route, id);
        if (Rarely(8))
            type = Pick(Evil.ContentTypes);
        if (type is not null)
            headers.Add($"Content-Type: {type}");
        if (length is not null)
            headers.Add($"Inference-Header-Content-Length: {length}");
        AddOthers(headers, ref isWellFormed);

        var hasBody = body.Length > 0 && (method is "POST" or "PUT" or "PATCH" || Rarely(10));
        var framing =
            !hasBody ? (method is "POST" ? Framing.Length : Framing.None)
            : Rarely(8) ? Framing.Chunks
            : Rarely(60) ? Framing.CutOff
            : Rarely(60) ? Framing.BrokenChunks
            : Framing.Length;
        if (framing is Framing.CutOff or Framing.BrokenChunks)
            isWellFormed = false;
        return new FuzzRequest(method, target, headers, hasBody ? body : [])
        {
            Route = NameOf(route),
            Framing = framing,
            IsWellFormed = isWellFormed,
        };
    }

    /// <summary>A route, for reports.</summary>
    public static string NameOf(RouteEndpoint route) =>
        $"{string.Join(' ', MethodsOf(route))} {route.RoutePattern.RawText}";

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private string Target(RouteEndpoint route, string id, ref bool isWellFormed)
    {
        string PartOf(RoutePatternPart part) =>
            part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternSeparatorPart separator => separator.Content,
                RoutePatternParameterPart { Name: "id" } => id,
                RoutePatternParameterPart { Name: "version" } when Rarely(2) => VersionOf(id),
                RoutePatternParameterPart { Name: "name" } when Rarely(2) => Pick([
                    "dashboard.css",
                    "dashboard.js",
                    "icon.svg",
                ]),
                _ => Pick(Evil.Segments),
            };

        var path = string.Concat(
            route.RoutePattern.PathSegments.Select(segment => $"/{string.Concat(segment.Parts.Select(PartOf))}")
        );
        if (path.Length == 0)
            path = "/";
        if (Rarely(15))
            path = Pick([
                $"{path}/",
                $"/{path}",
                path.ToUpperInvariant(),
                $"{path}/{Pick(Evil.Segments)}",
                $"/{Pick(Evil.Segments)}",
            ]);
        if (Rarely(150))
        {
            isWellFormed = false;
            path = Pick([
                $"/{Pick(Evil.RefusedSegments)}",
                path.Replace("/", "//\\", StringComparison.Ordinal),
                $"http://x{path}",
                path[1..],
                "*",
                $"/api/models/{Pick(Evil.RefusedSegments)}/predict",
            ]);
        }
        if (!Rarely(3))
            return path;
        var query = new StringBuilder("?");
        for (var i = _random.Next(4); i >= 0; i--)
        {
            var value = Rarely(2) ? FuzzServer.Ids[_random.Next(FuzzServer.Ids.Count)] : Pick(Evil.Segments);
            query.Append(CultureInfo.InvariantCulture, $"{(Rarely(8) ? Pick(Evil.Segments) : Pick(Queries))}={value}&");
        }
        if (path.Length + query.Length > 8000)
            isWellFormed = false;
        return path + query;
    }

    // What was stored of it at some time; else no version at all.
    private string VersionOf(string id) =>
        server.Get<ModelCatalog>().TryGet(id, out var model)
        && server.Get<ModelCache>().Find(model.From, model.Pull) is { } stored
            ? stored.Digest.ToString()
            : new string('0', 64);

    private void AddCredentials(List<string> headers, Scope? scope, ref bool isWellFormed)
    {
        var fitting = server.Tokens is not { } tokens
            ? "none"
            : scope switch
            {
                Scope.Predict => tokens.Predict,
                Scope.Read => tokens.Read,
                _ => tokens.Ops,
            };
        switch (_random.Next(24))
        {
            case < 15 when server.Tokens is not null:
                headers.Add($"Authorization: Bearer {fitting}");
                break;
            case 15:
                headers.Add(
                    $"Authorization: Bearer {Pick([server.Tokens?.Predict ?? "x", server.Tokens?.Read ?? "x"])}"
                );
                break;
            case 16:
                headers.Add(
                    $"Authorization: {Pick(["Basic", "Digest", "Token", "bearer", "Bearer\u0009", ""])} {fitting}"
                );
                break;
            case 17:
                headers.Add($"Authorization: Bearer {fitting[..^1]}");
                break;
            case 18:
                headers.Add($"Authorization: Bearer {Pick(Evil.HeaderValues)}");
                break;
            case 19:
                headers.Add($"Authorization: Bearer {fitting}");
                headers.Add($"Authorization: Bearer {fitting}");
                break;
            case 20:
                headers.Add($"Cookie: larder-session={Pick(Evil.HeaderValues)}; larder-session={fitting[^1]}");
                break;
            case 21 when Rarely(4):
                isWellFormed = false;
                headers.Add($"Authorization: Bearer {fitting}\u00e9\u0000");
                break;
        }
    }

    private void AddOthers(List<string> headers, ref bool isWellFormed)
    {
        while (Rarely(4))
            headers.Add($"{Pick(Headers)}: {Pick(Evil.HeaderValues)}");
        if (Rarely(12))
            headers.Add(
                $"Origin: {Pick([server.Address.GetLeftPart(UriPartial.Authority), "http://evil.example", "null"])}"
            );
        if (Rarely(60))
            headers.Add($"{Pick(["Origin", "Sec-Fetch-Site"])}: {Pick(Evil.HeaderValues)}");
        if (Rarely(20))
            headers.Add("Expect: 100-continue");
        if (Rarely(40))
            headers.Add($"Expect: {Pick(Evil.HeaderValues)}");
        if (Rarely(40))
            headers.Add("Connection: close");
        if (Rarely(60))
            headers.AddRange(Enumerable.Range(0, 60).Select(i => $"X-{i}: {i}"));
        if (Rarely(100))
            (isWellFormed, _) = (false, Add(headers, Pick(RefusedHeaders)));
        if (Rarely(200))
            (isWellFormed, _) = (
                false,
                Add(
                    headers,
                    Pick([
                        "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                        "Connection: Upgrade\r\nUpgrade: websocket",
                    ])
                )
            );
        if (headers.Sum(header => header.Length + 2) > 30_000)
            isWellFormed = false;

        static bool Add(List<string> headers, string header)
        {
            headers.Add(header);
            return true;
        }
    }

    private (byte[] Body, string? Type, string? Length) Body(RouteEndpoint route, string id)
    {
        var path = route.RoutePattern.RawText ?? "";
        if (path.StartsWith("/dashboard/", StringComparison.Ordinal))
            return (
                _bodies.Form(
                    ("form", server.FormToken),
                    ("action", Pick(Actions)),
                    ("model", Rarely(3) ? Pick(Evil.Segments) : id),
                    ("entries", Rarely(3) ? Pick(Evil.Json) : "100"),
                    ("bytes", "100000000"),
                    (
                        "back",
                        Pick(["", "?page=2", "?search=\u00e9\u0080&page=-1&range=99999999999", Pick(Evil.Segments)])
                    )
                ),
                "application/x-www-form-urlencoded",
                null
            );
        var token = Rarely(2) ? server.Tokens?.Read ?? "" : "larder_wrong";
        if (path is "/login" or "/logout")
            return Rarely(2)
                ? (_bodies.From(Encoding.UTF8.GetBytes($"{{\"token\": \"{token}\"}}")), "application/json", null)
                : (
                    _bodies.Form(
                        ("token", token),
                        ("return", Pick(["/", "/\u00fc", "//evil", "/a\r\nb", Pick(Evil.Segments)]))
                    ),
                    "application/x-www-form-urlencoded",
                    null
                );
        if (path.EndsWith("/infer", StringComparison.Ordinal) && id == FuzzServer.Example && Rarely(2))
        {
            var document = Encoding.UTF8.GetBytes(BinaryDocument);
            var mutated = Rarely(2) ? document : _bodies.From(document);
            var length = Rarely(4)
                ? Pick([.. Evil.HeaderValues, .. Evil.Json.Where(value => value.All(char.IsAsciiLetterOrDigit))])
                : $"{mutated.Length}";
            byte[] whole = [.. mutated, .. BinaryTensors];
            return (Rarely(4) ? _bodies.From(whole) : whole, "application/octet-stream", length);
        }
        return (
            _bodies.From(Encoding.UTF8.GetBytes(Valid(id, path.EndsWith("/infer", StringComparison.Ordinal)))),
            "application/json",
            null
        );
    }

    private string Valid(string id, bool isInference) =>
        (id, isInference) switch
        {
            (FuzzServer.Sentiment, false) => """{"inputs": {"text": "a wonderful film"}}""",
            (FuzzServer.Sentiment, true) =>
                """{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a wonderful film"]}]}""",
            (FuzzServer.Example, false) =>
                """{"inputs": {"input0": [[1, 2], [3, 4]], "input1": [true, true, false]}}""",
            (FuzzServer.Example, true) =>
                """{"id": "42", "inputs": [{"name": "input0", "shape": [2, 2], "datatype": "UINT32", "data": [1, 2, 3, 4]}, {"name": "input1", "shape": [3], "datatype": "BOOL", "data": [true, true, true]}], "outputs": [{"name": "output0"}]}""",
            (FuzzServer.Echo, _) => """{"inputs": {"a": 1, "b": ["two", 3.5, null], "c": {"d": true}}}""",
            (_, true) =>
                """{"inputs": [{"name": "area_m2", "shape": [1, 1], "datatype": "FP32", "data": [120]}, {"name": "rooms", "shape": [1, 1], "datatype": "FP32", "data": [4]}, {"name": "age_years", "shape": [1, 1], "datatype": "FP32", "data": [20]}, {"name": "distance_km", "shape": [1, 1], "datatype": "FP32", "data": [5]}, {"name": "has_garden", "shape": [1, 1], "datatype": "BOOL", "data": [true]}]}""",
            _ when Rarely(3) =>
                """{"instances": [{"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}, {"area_m2": 60, "rooms": 2, "age_years": 2, "distance_km": 1, "has_garden": false}]}""",
            _ => """{"inputs": {"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        };

    private bool Rarely(int oneIn) => _random.Next(oneIn) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}

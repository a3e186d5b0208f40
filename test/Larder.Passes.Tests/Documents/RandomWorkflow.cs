using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;

namespace Larder.Passes.Documents.Tests;

/// <summary>Workflows of all shapes, the same for the same seed.</summary>
internal sealed class RandomWorkflow(int seed)
{
    private static readonly string[] References =
    [
        "hf://org/repo@main",
        "hf://org/Repo-1/onnx/",
        "s3://bucket/prefix/",
        "s3://bucket/object?versionId=a.b",
        "az://account/container/prefix/",
        "https://host:8443/a%20b/model.zip?download=true",
        "file:///srv/models/a%20b%C3%A4",
    ];

    private static readonly string[] Texts = ["", "a", "ä€😀", "\"quoted\" \\ / \n\t", "<&'+>", "null", "{input}"];

    private readonly Random _random = new(seed);

    public Workflow Next()
    {
        var passes = Enumerable.Range(0, _random.Next(4)).Select(Pass).ToList();
        return new Workflow
        {
            Input = new WorkflowInput(ModelReference.Parse(One(References)))
            {
                Include = One<string[]>([], ["*.onnx"], ["a", "b/**"]),
                Exclude = One<string[]>([], ["old/"]),
                Digest = _random.Next(2) == 0 ? null : Digest.Of([(byte)_random.Next(256)]),
            },
            Passes = passes,
            Evaluations = [.. Enumerable.Range(0, _random.Next(3)).Select(index => Evaluation(index, passes))],
            Output = One<string?>(null, "/out/model", "/out/a b"),
            Shared = One(
                null,
                WorkflowSharing.Off,
                new WorkflowSharing("s3://bucket"),
                new WorkflowSharing("file:///mnt/team%20store") { Read = false },
                new WorkflowSharing("s3://bucket/a/b")
                {
                    Read = false,
                    Write = false,
                    Namespace = "exp-1",
                },
                new WorkflowSharing("az://devstoreaccount1/cache/p")
                {
                    Write = false,
                    AccountUrl = new Uri("http://127.0.0.1:10000/devstoreaccount1"),
                }
            ),
            BaseDirectory = "/srv/flows",
        };
    }

    private WorkflowPass Pass(int index) =>
        new(string.Create(CultureInfo.InvariantCulture, $"pass-{index}"), One("command", "onnx-quantize"), Config());

    private WorkflowEvaluation Evaluation(int index, List<WorkflowPass> passes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"figure.{index}"), "onnx-latency", Config())
        {
            Of = passes.Count == 0 || _random.Next(2) == 0 ? null : passes[_random.Next(passes.Count)].Name,
        };

    private JsonObject Config()
    {
        var config = new JsonObject();
        for (var i = _random.Next(4); i > 0; i--)
            config[One("a", "per_channel", "ä", "$x.y", "with blank")] = Value(0);
        return config;
    }

    private JsonNode? Value(int depth) =>
        _random.Next(depth > 3 ? 5 : 7) switch
        {
            0 => null,
            1 => _random.Next(2) == 0,
            2 => _random.Next(-1000, 1000),
            3 => _random.NextDouble() * 1e6,
            4 => One(Texts),
            5 => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Value(depth + 1))]),
            _ => new JsonObject { ["in"] = Value(depth + 1) },
        };

    private T One<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}

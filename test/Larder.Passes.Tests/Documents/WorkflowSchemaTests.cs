using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.TestKit;

namespace Larder.Passes.Documents.Tests;

/// <summary>The published schema is what the reader accepts: both are written from one table, and agree on documents.</summary>
public sealed class WorkflowSchemaTests
{
    private const string AcceptVariable = "LARDER_ACCEPT_SCHEMA";

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static string SchemaPath => Path.Combine(Repository.Root, "docs", "workflow.schema.json");

    [Fact]
    public void Schema_Published_IsThatOfTheReader()
    {
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            File.WriteAllText(SchemaPath, WorkflowDocument.WriteSchema());

        Assert.True(
            File.ReadAllText(SchemaPath) == WorkflowDocument.WriteSchema(),
            $"docs/workflow.schema.json is not what the reader accepts. If this is meant, set {AcceptVariable}=1, run the test again, and commit the file."
        );
    }

    [Fact]
    public void Schema_AnyWorkflowThatIsWritten_IsAccepted()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new RandomWorkflow(seed);
        for (var i = 0; i < 200; i++)
            Assert.Empty(Faults(WorkflowDocument.Write(random.Next())));
    }

    [Theory]
    [InlineData("""{"input": "a"}""", true)]
    [InlineData("""{"$schema": "x", "input": {"reference": "a", "include": ["b"]}, "shared": false,}""", true)]
    [InlineData(
        """{"input": "a", "cloud_cache_config": {"account_url": "https://acc.blob.core.windows.net", "container_name": "cache", "input_model_identifier": null}}""",
        true
    )]
    [InlineData("""{}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""{"input": ""}""", false)]
    [InlineData("""{"input": 1}""", false)]
    [InlineData("""{"input": {}}""", false)]
    [InlineData("""{"input": {"reference": "a", "digest": "b"}}""", false)]
    [InlineData("""{"input": {"reference": "a", "include": "b"}}""", false)]
    [InlineData("""{"input": "a", "inptu": "b"}""", false)]
    [InlineData("""{"input": "a", "passes": {}}""", false)]
    [InlineData("""{"input": "a", "passes": [{}]}""", false)]
    [InlineData("""{"input": "a", "passes": [{"type": "two words"}]}""", false)]
    [InlineData("""{"input": "a", "passes": [{"type": "t", "config": null}]}""", false)]
    [InlineData("""{"input": "a", "evaluations": [{"type": "t", "off": "p"}]}""", false)]
    [InlineData("""{"input": "a", "shared": true}""", false)]
    [InlineData("""{"input": "a", "shared": {"url": "s3://bucket", "read": 1}}""", false)]
    [InlineData("""{"input": "a", "cloud_cache_config": {"enable": true}}""", false)]
    public void Schema_Document_IsAcceptedWhereTheReaderDoes(string json, bool isAccepted)
    {
        Assert.Equal(isAccepted, Faults(json).Count == 0);
        if (isAccepted)
            WorkflowDocument.Parse(json, "/srv");
        else
            Assert.Throws<WorkflowException>(() => WorkflowDocument.Parse(json, "/srv"));
    }

    [Fact]
    public void Schema_WorkflowsOfTheDocuments_AreAcceptedByItAndByTheReader()
    {
        var documents = Blocks(File.ReadAllText(Path.Combine(Repository.Root, "docs", "workflows.md"))).ToList();
        var samples = Path.Combine(Repository.Root, "samples", "workflows");
        if (Directory.Exists(samples))
            documents.AddRange(Directory.EnumerateFiles(samples, "*.json").Select(File.ReadAllText));

        Assert.True(documents.Count >= 3, "There are fewer workflows in docs/workflows.md than there were.");
        Assert.All(
            documents,
            json =>
            {
                Assert.Empty(Faults(json));
                WorkflowDocument.Parse(json, "/srv");
            }
        );
    }

    // What stands between fences of JSON and is a workflow.
    private static IEnumerable<string> Blocks(string markdown) =>
        markdown
            .Split("```json\n")
            .Skip(1)
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
            .Where(block => block.Contains("\"input\"", StringComparison.Ordinal));

    private static IReadOnlyList<string> Faults(string json)
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaPath))!;
        return new SchemaCheck(schema).FaultsOf(JsonNode.Parse(json, documentOptions: Lenient), schema);
    }
}

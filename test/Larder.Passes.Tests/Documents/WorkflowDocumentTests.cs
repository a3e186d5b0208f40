using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Passes.Documents.Tests;

public sealed class WorkflowDocumentTests
{
    private const string Base = "/srv/team/flows";
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Parse_EveryMember_IsInTheWorkflow()
    {
        var workflow = WorkflowDocument.Parse(
            $$"""
            {
              "$schema": "../docs/workflow.schema.json",
              // Comments and trailing commas are read over.
              "input": {"reference": "hf://org/repo@v1", "include": ["*.onnx"], "exclude": ["old/"], "digest": "{{Hex}}"},
              "passes": [
                {"type": "onnx-optimize"},
                {"name": "int8", "type": "onnx-quantize", "config": {"per_channel": true, "nested": {"list": [1, null, "a"]} } },
              ],
              "evaluations": [{"name": "speed", "type": "onnx-latency", "of": "int8", "config": {"runs": 20} }],
              "output": "out/model",
              "shared": {"url": "s3://bucket/prefix", "read": true, "write": false, "namespace": "main"},
            }
            """,
            Base
        );

        Assert.Equal(ModelReference.Parse("hf://org/repo@v1"), workflow.Input.Reference);
        Assert.Equal(["*.onnx"], workflow.Input.Include);
        Assert.Equal(["old/"], workflow.Input.Exclude);
        Assert.Equal(Digest.Parse(Hex), workflow.Input.Digest);
        Assert.Equal(["onnx-optimize", "int8"], workflow.Passes.Select(pass => pass.Name));
        Assert.Equal(["onnx-optimize", "onnx-quantize"], workflow.Passes.Select(pass => pass.Type));
        Assert.Equal("{}", workflow.Passes[0].Config.ToJsonString());
        Assert.Equal(
            """{"per_channel":true,"nested":{"list":[1,null,"a"]}}""",
            workflow.Passes[1].Config.ToJsonString()
        );
        var evaluation = Assert.Single(workflow.Evaluations);
        Assert.Equal(("speed", "onnx-latency", "int8"), (evaluation.Name, evaluation.Type, evaluation.Of));
        Assert.Equal("/srv/team/flows/out/model", workflow.Output);
        Assert.Equal(new WorkflowSharing("s3://bucket/prefix") { Write = false, Namespace = "main" }, workflow.Shared);
        Assert.Equal(Base, workflow.BaseDirectory);
    }

    [Theory]
    [InlineData("models/a", "file:///srv/team/flows/models/a")]
    [InlineData("./models/a/", "file:///srv/team/flows/models/a")]
    [InlineData("../a b", "file:///srv/team/a%20b")]
    [InlineData("/models/a", "file:///models/a")]
    [InlineData("./a:b", "file:///srv/team/flows/a%3Ab")]
    [InlineData("file:///models/a", "file:///models/a")]
    [InlineData("s3://bucket/a?versionId=7", "s3://bucket/a")]
    [InlineData("https://host/model.onnx", "https://host/model.onnx")]
    public void Parse_Input_IsAReferenceOrAPathThatBeginsAtTheWorkflow(string text, string reference)
    {
        var workflow = WorkflowDocument.Parse($$"""{"input": "{{text}}"}""", Base);

        Assert.Equal(reference, workflow.Input.Reference.Text);
        Assert.Empty(workflow.Passes);
        Assert.Null(workflow.Output);
        Assert.Null(workflow.Shared);
    }

    [Fact]
    public void Parse_PathInTheHomeDirectory_IsFound()
    {
        var workflow = WorkflowDocument.Parse("""{"input": "~/models/a"}""", Base);

        Assert.Equal(
            ModelReference.OfPath(
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "models/a")
            ),
            workflow.Input.Reference
        );
    }

    [Fact]
    public void Parse_ManyFaults_AreToldTogetherWithTheirPaths()
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            WorkflowDocument.Parse(
                """
                {
                  "inptu": "a",
                  "passes": [{"type": 1, "confg": {}}, {"type": "onnx-optimize", "config": []}, {"type": "onnx-optimize"}],
                  "evaluations": [{"type": "onnx-latency", "of": "onnx-optimise"}],
                  "shared": {"url": "s3://bucket", "write": "no"},
                  "output": ["x"]
                }
                """,
                Base
            )
        );

        Assert.Equal(
            [
                "$.inptu: There is no such member. Did you mean 'input'?",
                "$.passes[0].type: It is a number; a text of 1 to 64 letters, digits, '.', '_' and '-' is expected.",
                "$.passes[0].confg: There is no such member. Did you mean 'config'?",
                "$.passes[1].config: It is a list; an object is expected.",
                "$.shared.write: It is a text; true or false is expected.",
                "$.output: It is a list; a text is expected.",
                "$: 'input' is missing: add it. The model that the workflow begins with: a reference, or a path that begins at the workflow file.",
                "$.passes[2].name: 'onnx-optimize' is also what $.passes[1] is called: give each of them a 'name' of its own.",
                "$.evaluations[0].of: No pass is called 'onnx-optimise'. Did you mean 'onnx-optimize'?",
            ],
            wrong.Faults.Select(fault => $"{fault.Path}: {fault.Message}")
        );
    }

    [Theory]
    [InlineData("", "$: It is no JSON")]
    [InlineData("input: a", "$: It is no JSON")]
    [InlineData("[]", "$: It is a list; an object is expected.")]
    [InlineData("null", "$: It is null; an object is expected.")]
    [InlineData("""{"input": "a"} {}""", "$: It is no JSON")]
    [InlineData("""{"input": "a", "input": "b"}""", "$.input: It is there twice")]
    [InlineData(
        """{"input": "a", "passes": [{"type": "t", "config": {"a": [{"b": 1, "b": 2}]}}]}""",
        "$.passes[0].config.a[0].b: It is there twice"
    )]
    [InlineData("""{"input": ""}""", "$.input: It is empty")]
    [InlineData("""{"input": 7}""", "$.input: It is a number; a text or an object is expected.")]
    [InlineData("""{"input": {}}""", "$.input: 'reference' is missing")]
    [InlineData("""{"input": "\ud800"}""", "$.input: It has half of a surrogate pair")]
    [InlineData(
        """{"input": "a", "passes": [{"type": "t", "config": {"\ud800": 1, "b": "\udfff"}}]}""",
        "$.passes[0].config.b: It has half of a surrogate pair"
    )]
    [InlineData("""{"input": "a\u0000b"}""", "$.input: ")]
    [InlineData("""{"input": "s3:bucket/a"}""", "$.input: 's3:bucket/a' is not a model reference")]
    [InlineData(
        """{"input": {"reference": "a", "digest": "abc"}}""",
        "$.input.digest: It is 'abc'; a text of 64 lower-case"
    )]
    [InlineData(
        """{"input": {"reference": "a", "include": ["!b", "ok", "c//d"]}}""",
        "$.input.include[2]: 'c//d' is no pattern"
    )]
    [InlineData(
        """{"input": "a", "output": "s3://bucket/out"}""",
        "$.output: It is a URI; a directory of this machine"
    )]
    [InlineData("""{"input": "a", "passes": {}}""", "$.passes: It is an object; a list is expected.")]
    [InlineData("""{"input": "a", "passes": [{"type": "two words"}]}""", "$.passes[0].type: It is 'two words'")]
    [InlineData("""{"input": "a", "passes": [{"type": "t\n"}]}""", "$.passes[0].type: It is 't\\n'")]
    [InlineData(
        """{"input": "a", "evaluations": [{"type": "t", "of": "b"}]}""",
        "No pass is called 'b'. There are none"
    )]
    [InlineData(
        """{"input": "a", "evaluations": [{"type": "t"}, {"type": "t"}]}""",
        "$.evaluations[1].name: 't' is also what $.evaluations[0] is called"
    )]
    public void Parse_BadDocument_SaysWhereAndWhat(string json, string words)
    {
        var wrong = Assert.Throws<WorkflowException>(() => WorkflowDocument.Parse(json, Base));

        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:s3cr3t@host/model.onnx")]
    [InlineData("az://account/container/model?sv=2024-01-01&sig=s3cr3t")]
    [InlineData("https://host/model.onnx?X-Amz-Signature=s3cr3t")]
    [InlineData("https://host/model.onnx?access_token=s3cr3t")]
    public void Parse_SecretInAReference_IsRefusedAndNotRepeated(string reference)
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            WorkflowDocument.Parse($$"""{"input": {"reference": "{{reference}}"} }""", Base)
        );

        Assert.Contains("$.input.reference: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("environment", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooDeep_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 100_000));

        var wrong = Assert.Throws<WorkflowException>(() =>
            WorkflowDocument.Parse($$"""{"input": "a", "passes": {{deep}}""", Base)
        );

        Assert.Contains("It is no JSON", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_File_BeginsPathsAtItsDirectory()
    {
        using var directory = new TempDirectory();
        File.WriteAllBytes(directory["flow.json"], [0xEF, 0xBB, 0xBF, .. """{"input": "model", "output": "out"}"""u8]);

        var workflow = WorkflowDocument.Load(directory["flow.json"]);

        Assert.Equal(ModelReference.OfPath(directory["model"]), workflow.Input.Reference);
        Assert.Equal(directory["out"], workflow.Output);
    }

    [Fact]
    public void Load_FileThatIsMissingOrNoneOrTooLarge_SaysSo()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["large.json"], new string(' ', WorkflowDocument.MaxSizeBytes + 1));
        File.WriteAllBytes(directory["binary.json"], [0xFF, 0xFE, 0x00]);

        Assert.Contains("There is no file", Fault(directory["none.json"]), StringComparison.Ordinal);
        Assert.Contains("There is no file", Fault(directory["none/none.json"]), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Fault(directory.Path), StringComparison.Ordinal);
        Assert.Contains("more than 1048576 bytes", Fault(directory["large.json"]), StringComparison.Ordinal);
        Assert.Contains("more than 1048576 bytes", Fault("/dev/zero"), StringComparison.Ordinal);
        Assert.Contains("It is no JSON", Fault(directory["binary.json"]), StringComparison.Ordinal);

        static string Fault(string path) => Assert.Throws<WorkflowException>(() => WorkflowDocument.Load(path)).Message;
    }

    [Fact]
    public void Write_AnyWorkflow_ReadsBackAsTheSame()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new RandomWorkflow(seed);
        for (var i = 0; i < 500; i++)
        {
            var workflow = random.Next();

            var json = WorkflowDocument.Write(workflow);
            var read = WorkflowDocument.Parse(json, workflow.BaseDirectory);

            AssertSame(workflow, read);
            Assert.Equal(json, WorkflowDocument.Write(read));
        }
    }

    [Fact]
    public void Write_WorkflowWithASecret_IsRefused()
    {
        var workflow = new Workflow
        {
            Input = new WorkflowInput(ModelReference.Parse("https://user:s3cr3t@host/a")),
            BaseDirectory = Base,
        };

        var wrong = Assert.Throws<WorkflowException>(() => WorkflowDocument.Write(workflow));

        Assert.DoesNotContain("s3cr3t", wrong.Message, StringComparison.Ordinal);
    }

    internal static void AssertSame(Workflow expected, Workflow actual)
    {
        Assert.Equal(expected.Input.Reference, actual.Input.Reference);
        Assert.Equal(expected.Input.Include, actual.Input.Include);
        Assert.Equal(expected.Input.Exclude, actual.Input.Exclude);
        Assert.Equal(expected.Input.Digest, actual.Input.Digest);
        Assert.Equal(expected.Passes.Select(Text), actual.Passes.Select(Text));
        Assert.Equal(expected.Evaluations.Select(TextOf), actual.Evaluations.Select(TextOf));
        Assert.Equal(expected.Output, actual.Output);
        Assert.Equal(expected.Shared, actual.Shared);
        Assert.Equal(expected.BaseDirectory, actual.BaseDirectory);

        static string Text(WorkflowPass pass) => $"{pass.Name} {pass.Type} {Canonical(pass.Config)}";

        static string TextOf(WorkflowEvaluation step) => $"{step.Name} {step.Type} {step.Of} {Canonical(step.Config)}";

        static string Canonical(JsonObject config) => Encoding.UTF8.GetString(CanonicalJson.Serialize(config));
    }
}

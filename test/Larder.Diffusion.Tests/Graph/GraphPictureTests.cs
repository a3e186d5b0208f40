using System.Text.Json;
using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

public sealed class GraphPictureTests
{
    [Fact]
    public void ToString_Graph_IsATreeInTheOrderOfTheNodes() =>
        Assert.Equal(
            """
            t2v
            ├─ inputs
            │  ├─ prompt: string
            │  ├─ negative_prompt: string = "no \"text\""
            │  └─ strength: double = 0.5
            ├─ encode: MapNode<string, List<float>>
            │  ├─ from: string ← prompt
            │  └─ → to: List<float>
            ├─ denoise: TestNode
            │  ├─ context: IReadOnlyList<float> ← encode.to
            │  ├─ negative: string ← negative_prompt
            │  ├─ strength: double ← strength
            │  ├─ guidance: float, its own default
            │  ├─ → latents: float[,]
            │  └─ → steps: int?
            └─ outputs
               ├─ video: float[,] ← denoise.latents
               ├─ steps: int? ← denoise.steps
               └─ prompt: string ← prompt
            """,
            Sample().ToString()
        );

    [Fact]
    public void ToMermaid_Graph_IsAFlowchart() =>
        Assert.Equal(
            """
            flowchart LR
              i0(["prompt<br/><small>string</small>"])
              i1(["negative_prompt<br/><small>string</small>"])
              i2(["strength<br/><small>double</small>"])
              n0["encode<br/><small>MapNode#lt;string, List#lt;float#gt;#gt;</small>"]
              n1["denoise<br/><small>TestNode</small>"]
              o0(["video<br/><small>float[,]</small>"])
              o1(["steps<br/><small>int?</small>"])
              o2(["prompt<br/><small>string</small>"])
              i0 -->|"from"| n0
              n0 -->|"to → context"| n1
              i1 -->|"negative"| n1
              i2 -->|"strength"| n1
              n1 -->|"latents"| o0
              n1 -->|"steps"| o1
              i0 --> o2

            """,
            Sample().ToMermaid()
        );

    [Fact]
    public void WriteJson_Graph_HasItsPortsAndEdges()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            Sample().WriteJson(json);

        using var expected = JsonDocument.Parse(
            """
            {
              "name": "t2v",
              "inputs": [
                {"name": "prompt", "type": "string", "required": true},
                {"name": "negative_prompt", "type": "string", "required": false, "default": "no \"text\""},
                {"name": "strength", "type": "double", "required": false, "default": 0.5}
              ],
              "nodes": [
                {
                  "name": "encode",
                  "type": "MapNode<string, List<float>>",
                  "inputs": [{"name": "from", "type": "string"}],
                  "outputs": [{"name": "to", "type": "List<float>"}]
                },
                {
                  "name": "denoise",
                  "type": "TestNode",
                  "inputs": [
                    {"name": "context", "type": "IReadOnlyList<float>"},
                    {"name": "negative", "type": "string"},
                    {"name": "strength", "type": "double"},
                    {"name": "guidance", "type": "float"}
                  ],
                  "outputs": [{"name": "latents", "type": "float[,]"}, {"name": "steps", "type": "int?"}]
                }
              ],
              "outputs": [
                {"name": "video", "type": "float[,]"},
                {"name": "steps", "type": "int?"},
                {"name": "prompt", "type": "string"}
              ],
              "edges": [
                {"from": {"node": null, "port": "prompt"}, "to": {"node": "encode", "port": "from"}},
                {"from": {"node": "encode", "port": "to"}, "to": {"node": "denoise", "port": "context"}},
                {"from": {"node": null, "port": "negative_prompt"}, "to": {"node": "denoise", "port": "negative"}},
                {"from": {"node": null, "port": "strength"}, "to": {"node": "denoise", "port": "strength"}},
                {"from": {"node": "denoise", "port": "latents"}, "to": {"node": null, "port": "video"}},
                {"from": {"node": "denoise", "port": "steps"}, "to": {"node": null, "port": "steps"}},
                {"from": {"node": null, "port": "prompt"}, "to": {"node": null, "port": "prompt"}}
              ]
            }
            """
        );
        using var written = JsonDocument.Parse(bytes.ToArray());
        Assert.True(
            JsonElement.DeepEquals(expected.RootElement, written.RootElement),
            written.RootElement.GetRawText()
        );
    }

    [Fact]
    public void ToString_InAnyCulture_IsTheSame()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        var expected = Sample().ToString();
        Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
        try
        {
            Assert.Equal(expected, Sample().ToString());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    private static InferenceGraph Sample()
    {
        var builder = new InferenceGraphBuilder("t2v");
        var prompt = builder.AddInput<string>("prompt");
        var negative = builder.AddInput("negative_prompt", "no \"text\"");
        var strength = builder.AddInput("strength", 0.5);
        var denoise = new TestNode("denoise");
        var context = denoise.In<IReadOnlyList<float>>("context");
        builder.Connect(negative, denoise.In<string>("negative"));
        builder.Connect(strength, denoise.In<double>("strength"));
        denoise.OptionalIn("guidance", 4f);
        builder.AddOutput("video", denoise.Out<float[,]>("latents"));
        builder.AddOutput("steps", denoise.Out<int?>("steps"));
        builder.AddOutput("prompt", prompt);
        builder.AddNode(denoise);
        var encode = builder.AddNode(new MapNode<string, List<float>>("encode", _ => []));
        builder.Connect(prompt, encode.From).Connect(encode.To, context);
        return builder.Build();
    }
}

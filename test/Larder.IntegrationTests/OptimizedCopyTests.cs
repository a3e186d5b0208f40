using ModelGenerator.Onnx;

namespace Larder.IntegrationTests;

/// <summary>A model that is slow to load, from one <c>larder predict</c> to the next, and what the other commands say of its copy.</summary>
[Trait("Category", "Integration")]
public sealed class OptimizedCopyTests : CommandTests
{
    private const string Kind = "onnx-optimized";

    [Fact]
    public async Task Predict_SlowModel_LeavesACopyThatListShowAndClearKnow()
    {
        var model = WriteSlowModel();
        var first = (await PredictAsync(model)).Done();
        var second = (await PredictAsync(model)).Done();
        Assert.Equal(first.Json.GetProperty("outputs").ToString(), second.Json.GetProperty("outputs").ToString());

        var list = (await RunAsync("list", "--json")).Done().Json.GetProperty("entries");
        Assert.Equal(["model", Kind], list.EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(list[0].GetProperty("digest").GetString(), list[1].GetProperty("derived_from").GetString());
        Assert.Contains(Kind, (await RunAsync("list")).Done().Output, StringComparison.Ordinal);

        var shown = (await RunAsync("show", model, "--json")).Done().Json.GetProperty("derived")[0];
        Assert.Equal(
            (Kind, "cpu"),
            (shown.GetProperty("kind").GetString(), shown.GetProperty("request").GetProperty("provider").GetString())
        );
        Assert.Contains($"Made of it: {Kind}", (await RunAsync("show", model)).Done().Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("stats", "--json")).Json.GetProperty("total_models").GetInt32());
        (await RunAsync("verify", model)).Done();

        var cleared = (await RunAsync("clear", model, "--yes", "--json")).Done();
        Assert.Equal(1, cleared.Json.GetProperty("removed_entries").GetInt32());
        Assert.Equal(0, (await RunAsync("list", "--json")).Json.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Predict_SlowModelWithColdOff_LeavesNone()
    {
        var configuration = Write("off.json", """{"graphs": {"cold": false}}""");

        (await PredictAsync(WriteSlowModel(), "--config", configuration)).Done();

        Assert.Equal(1, (await RunAsync("list", "--json")).Json.GetProperty("entries").GetArrayLength());
    }

    private Task<CommandResult> PredictAsync(string model, params string[] more) =>
        RunAsync([
            "predict",
            model,
            "--json",
            "--input",
            Write("input.json", """{"inputs": {"x": [1, -2]}}"""),
            .. more,
        ]);

    // Constants to be folded, more than enough of them: twice and again the time below which no copy is kept.
    private string WriteSlowModel()
    {
        const int links = 1500;
        var model = new OnnxWriter("slow").Input("x", OnnxType.Float, 2).Output("y", OnnxType.Float, 2);
        for (var i = 0; i < links; i++)
        {
            model
                .Weight(OnnxTensor.Of($"left_{i}", [2], 0.5f * i, -1f))
                .Weight(OnnxTensor.Of($"right_{i}", [2], -0.5f * i, 1.25f))
                .Node(new OnnxNode("Add", [$"left_{i}", $"right_{i}"], [$"constant_{i}"]))
                .Node(new OnnxNode("Add", [i == 0 ? "x" : $"link_{i - 1}", $"constant_{i}"], [$"moved_{i}"]))
                .Node(new OnnxNode("Relu", [$"moved_{i}"], [i == links - 1 ? "y" : $"link_{i}"]));
        }
        var directory = Directory.CreateDirectory(At("slow")).FullName + "/";
        File.WriteAllBytes(Path.Combine(directory, "model.onnx"), model.ToArray());
        return directory;
    }
}

using Larder.Content;
using Larder.TestKit;
using ModelGenerator.WorkflowModels;

namespace ModelGenerator.Tests.WorkflowModels;

public sealed class WorkflowModelTests
{
    [Fact]
    public void Write_Twice_GivesTheSameTwentyMegabytes()
    {
        using var directory = new TempDirectory();

        WorkflowModel.Write(directory["a"]);
        WorkflowModel.Write(directory["b"]);
        var first = File.ReadAllBytes(directory["a/model.onnx"]);

        Assert.InRange(first.Length, 19_000_000, 21_000_000);
        Assert.Equal(Digest.Of(first), Digest.Of(File.ReadAllBytes(directory["b/model.onnx"])));
        Assert.Equal(File.ReadAllText(directory["a/tokenizer.json"]), File.ReadAllText(directory["b/tokenizer.json"]));
    }
}

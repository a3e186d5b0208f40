namespace Larder.Onnx.Tests;

public sealed class OnnxFileTests
{
    [Fact]
    public void Choose_OneModel_TakesIt() =>
        Assert.Equal("net/a.ONNX", OnnxFile.Choose(["readme.md", "net/a.ONNX", "a.onnx.data"], null));

    [Fact]
    public void Choose_SeveralModels_PrefersModelOnnx() =>
        Assert.Equal("model.onnx", OnnxFile.Choose(["a.onnx", "model.onnx", "sub/model.onnx"], null));

    [Fact]
    public void Choose_Configured_TakesItWhateverItsEnding() =>
        Assert.Equal("net.bin", OnnxFile.Choose(["model.onnx", "net.bin"], "net.bin"));

    [Fact]
    public void Choose_SeveralModelsAndNoneIsTheDefault_ListsThem()
    {
        var failure = Assert.Throws<OnnxFileException>(() => OnnxFile.Choose(["b.onnx", "a.onnx"], null));

        Assert.Equal(["a.onnx", "b.onnx"], failure.Candidates);
        Assert.Equal(
            "Its .onnx files are: a.onnx, b.onnx. Name one of them as the model's file in the configuration.",
            failure.Message
        );
    }

    [Fact]
    public void Choose_NoModel_SaysSo() =>
        Assert.Equal(
            "There is no .onnx file among its files.",
            Assert.Throws<OnnxFileException>(() => OnnxFile.Choose(["weights.bin"], null)).Message
        );

    [Fact]
    public void Choose_ConfiguredIsNotThere_NamesItAndListsTheOthers() =>
        Assert.Equal(
            "The model has no file 'Model.onnx'. Its .onnx files are: model.onnx.",
            Assert.Throws<OnnxFileException>(() => OnnxFile.Choose(["model.onnx"], "Model.onnx")).Message
        );
}

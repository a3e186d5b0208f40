using Larder.Content;
using Larder.TestKit;

namespace Larder.Recordings.Tests;

public sealed class ModelPinTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_DocumentWithADigest_IsThat()
    {
        var digest = Digest.Of("weights"u8);

        Assert.Equal(
            new ModelPin(digest),
            ModelPin.Read(Write($$"""{"reference":"hf://a/b","digest":"{{digest}}","size":3}"""))
        );
    }

    [Theory]
    [InlineData("", "is no JSON")]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "has no member 'digest'")]
    [InlineData("{}", "has no member 'digest'")]
    [InlineData("""{"digest":null}""", "64 lower-case hexadecimal digits")]
    [InlineData("""{"digest":"ABC"}""", "64 lower-case hexadecimal digits")]
    public void Read_AnythingElse_TellsWhatIsWrong(string document, string problem)
    {
        var path = Write(document);

        var failure = Assert.Throws<RecordingException>(() => ModelPin.Read(path));

        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("larder pull", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_TellsSo() =>
        Assert.Contains(
            "cannot be read",
            Assert.Throws<RecordingException>(() => ModelPin.Read(Path.Combine(_directory.Path, "none"))).Message,
            StringComparison.Ordinal
        );

    private string Write(string text)
    {
        var path = Path.Combine(_directory.Path, "model.pin.json");
        File.WriteAllText(path, text);
        return path;
    }
}

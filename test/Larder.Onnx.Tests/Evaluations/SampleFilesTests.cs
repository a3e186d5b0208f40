using Larder.Onnx.Evaluations;
using Larder.Passes;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class SampleFilesTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_DirectoryOfFiles_GivesAllInTheOrderOfTheirNames()
    {
        File.WriteAllText(_directory["b.json"], """{"inputs": {}}""");
        File.WriteAllText(_directory["a.json"], """[{"inputs": {}}, {"inputs": {}}, /* the last */]""");
        File.WriteAllText(_directory["c.txt"], "no sample");

        Assert.Equal(
            ["a.json[0]", "a.json[1]", "b.json"],
            SampleFiles.Read(_directory.Path).Select(sample => sample.Source)
        );
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "There is no sample in")]
    public void Read_NoSamples_SaysWhichFile(string text, string expected)
    {
        File.WriteAllText(_directory["a.json"], text);

        var wrong = Assert.Throws<PassException>(() => SampleFiles.Read(_directory["a.json"]).ToList());

        Assert.Equal(PassFailure.Permanent, wrong.Failure);
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(_directory["a.json"], wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyDirectory_SaysSo()
    {
        var wrong = Assert.Throws<PassException>(() => SampleFiles.Read(_directory.Path));

        Assert.StartsWith("There is no .json file in", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileIsGone_SaysSo() =>
        Assert.Throws<PassException>(() => SampleFiles.Read(_directory["gone.json"]).ToList());
}

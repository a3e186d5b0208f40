using Larder.TestKit;

namespace ModelGenerator.Commands;

public sealed class RandomCommandTests
{
    [Fact]
    public void Invoke_FilesAndExtra_WritesThemAndPrintsTheAnswer()
    {
        using var directory = new TempDirectory();

        var (code, output, _) = Invoke($"--size 10 --files 3 --extra 2x1kB --seed 7 --output {directory.Path}");

        Assert.Equal(0, code);
        Assert.Equal([4, 3, 3, 1000, 1000], Enumerable.Range(1, 5).Select(i => Length($"weights-{i:D5}.bin")));
        var answer = Enumerable.Range(1, 5).Sum(i => File.ReadAllBytes(directory[$"weights-{i:D5}.bin"])[0]);
        Assert.Equal($$"""{"weights":5,"bytes":2010,"position":0,"answer":{{answer}}}""", output.TrimEnd());

        long Length(string file) => new FileInfo(directory[file]).Length;
    }

    [Theory]
    [InlineData("--size 3x", "'3x' is not a size")]
    [InlineData("--size 3 --files 4", "--files must be between 1 and the 3 bytes of --size, not 4.")]
    [InlineData("--size 3 --files 0", "--files must be between 1 and the 3 bytes of --size, not 0.")]
    [InlineData("--size 3 --extra 4x", "'4x' is not a number and a size")]
    public void Invoke_BadOption_WritesNothingAndSaysWhatIsWrong(string options, string expected)
    {
        using var directory = new TempDirectory();

        var (code, _, error) = Invoke($"{options} --output {directory.Path}");

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    private static (int Code, string Output, string Error) Invoke(string options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = RandomCommand.Create().Parse(options).Invoke(new() { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

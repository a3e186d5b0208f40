using Larder.TestKit;

namespace ModelGenerator.Commands;

public sealed class AllCommandTests
{
    private static readonly string CheckedIn = Path.Combine(AppContext.BaseDirectory, "models");

    [Fact]
    public void Write_Again_GivesTheBytesThatAreCheckedIn()
    {
        using var directory = new TempDirectory();

        AllCommand.Write(directory.Path, TextWriter.Null);

        var written = Files(directory.Path);
        Assert.Equal(Files(CheckedIn).Where(file => file != "README.md"), written);
        Assert.All(
            written,
            file => Assert.Equal(File.ReadAllBytes(Path.Combine(CheckedIn, file)), File.ReadAllBytes(directory[file]))
        );
    }

    private static IEnumerable<string> Files(string directory) =>
        Directory
            .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file))
            .Order(StringComparer.Ordinal);
}

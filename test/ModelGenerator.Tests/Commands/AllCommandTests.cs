using Larder.TestKit;

namespace ModelGenerator.Commands;

public sealed class AllCommandTests
{
    private static readonly string CheckedIn = Path.Combine(AppContext.BaseDirectory, "models");

    [Fact]
    public void Write_Again_GivesTheBytesThatAreCheckedInAndTheErrorsOfTheReadme()
    {
        using var directory = new TempDirectory();
        using var report = new StringWriter();

        AllCommand.Write(directory.Path, report);

        var written = Files(directory.Path);
        Assert.Equal(Files(CheckedIn).Where(file => file != "README.md"), written);
        Assert.All(
            written,
            file => Assert.Equal(File.ReadAllBytes(Path.Combine(CheckedIn, file)), File.ReadAllBytes(directory[file]))
        );
        Assert.Contains("v1: held-out error 0.36 %", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("v2: held-out error 0.34 %", report.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Files(string directory) =>
        Directory
            .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file))
            .Order(StringComparer.Ordinal);
}

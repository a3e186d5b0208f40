using Larder.TestKit;

namespace Larder.Recordings.Tests;

public sealed class SourceFilesTests
{
    [Fact]
    public void DirectoryOf_NameThatADeterministicBuildMapped_IsFoundAboveTheProgram()
    {
        using var root = new TempDirectory();
        Directory.CreateDirectory(root["test/Some.Tests"]);
        Directory.CreateDirectory(root["artifacts/bin/Some.Tests"]);
        File.WriteAllText(root["test/Some.Tests/Fixture.cs"], "");

        Assert.Equal(
            root["test/Some.Tests"],
            SourceFiles.DirectoryOf("/_/test/Some.Tests/Fixture.cs", root["artifacts/bin/Some.Tests"])
        );
    }

    [Fact]
    public void DirectoryOf_FileThatIsNotHere_IsToldWithWhatToDo()
    {
        var missing = Assert.Throws<RecordingException>(() => SourceFiles.DirectoryOf("/elsewhere/Fixture.cs", "/tmp"));

        Assert.Contains("/elsewhere/Fixture.cs", missing.Message, StringComparison.Ordinal);
        Assert.Contains("RecordingsOptions.Directory", missing.Message, StringComparison.Ordinal);
    }
}

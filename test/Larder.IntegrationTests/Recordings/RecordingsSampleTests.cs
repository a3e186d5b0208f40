using Larder.TestKit;

namespace Larder.IntegrationTests.Recordings;

/// <summary>The tests of <c>samples/recordings</c>, run as a program with the recordings that are checked in.</summary>
[Trait("Category", "Integration")]
public sealed class RecordingsSampleTests : IDisposable
{
    private const string Library = "libonnxruntime.so.1";
    private const string Replay = "USE_DEPLOYMENT_CACHE=true";
    private const string Record = "SAVE_DEPLOYMENT_CACHE=true";
    private const string Compare = "LARDER_RECORDINGS=compare";

    private readonly TempDirectory _directory = new();

    private static string CheckedIn =>
        Path.Combine(Repository.Root, "samples", "recordings", "Reviews.Tests", "recordings");

    private string Recordings => _directory["recordings"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Replay_WithoutRuntimeAndModel_Passes()
    {
        CopyRecordings();
        string[] nothing = [WithoutLibrary(), $"REVIEWS_MODEL={_directory["none"]}"];

        var replayed = (await RunAsync([Replay, .. nothing])).Done();

        Assert.Contains("Failed: 0", replayed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", replayed.Output, StringComparison.Ordinal);
        // The other way round: there really is no model, and with one no runtime.
        Assert.Contains(_directory["none"], (await RunAsync(nothing)).Ended(1).Output, StringComparison.Ordinal);
        Assert.Contains(Library, (await RunAsync([WithoutLibrary()])).Ended(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_Anew_GivesTheRecordingsThatAreCheckedIn()
    {
        (await RunAsync([Record])).Done();

        Assert.Equal(FilesOf(CheckedIn), FilesOf(Recordings));
    }

    [Fact]
    public async Task Compare_FindsNoDriftButOneThatIsMade()
    {
        CopyRecordings();
        (await RunAsync([Compare])).Done();
        var edited = Directory
            .EnumerateFiles(Recordings, "*.json", SearchOption.AllDirectories)
            .First(file => File.ReadAllText(file).Contains("\"Score\": 0.982", StringComparison.Ordinal));
        File.WriteAllText(edited, File.ReadAllText(edited).Replace("0.982", "0.782", StringComparison.Ordinal));

        var drifted = await RunAsync([Compare]);

        Assert.NotEqual(0, drifted.ExitCode);
        Assert.Contains("0.782", drifted.Output, StringComparison.Ordinal);
        Assert.Contains("0.982", drifted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_Recording_TellsTheCommandThatRecordsIt()
    {
        Directory.CreateDirectory(Recordings);

        var missing = (await RunAsync([Replay])).Ended(1);

        Assert.Contains($"{Replay} {Record} dotnet test", missing.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> FilesOf(string directory) =>
        Directory
            .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file))
            .Where(file => !file.StartsWith(".usage", StringComparison.Ordinal))
            .ToDictionary(
                file => file,
                file => Convert.ToBase64String(File.ReadAllBytes(Path.Combine(directory, file))),
                StringComparer.Ordinal
            );

    private static string ProgramDirectory()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(Repository.Root, "artifacts", "bin", "Reviews.Tests", configuration);
    }

    private void CopyRecordings()
    {
        foreach (var (file, bytes) in FilesOf(CheckedIn))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Recordings, file))!);
            File.WriteAllBytes(Path.Combine(Recordings, file), Convert.FromBase64String(bytes));
        }
    }

    // Named, a library is looked for nowhere else.
    private string WithoutLibrary() => $"LARDER_ONNXRUNTIME={_directory[Library]}";

    private async Task<CommandResult> RunAsync(IEnumerable<string> environment)
    {
        using var program = CommandProcess.StartProgram(
            Path.Combine(ProgramDirectory(), "Reviews.Tests"),
            _directory.Path,
            ["-noLogo", "-noColor"],
            [
                "USE_DEPLOYMENT_CACHE=",
                "SAVE_DEPLOYMENT_CACHE=",
                $"REVIEWS_RECORDINGS={Recordings}",
                $"REVIEWS_STORE={_directory["store"]}",
                .. environment,
            ]
        );
        return await program.EndAsync();
    }
}

using System.Diagnostics;
using System.Runtime.Versioning;
using Larder.Recordings.Administration;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

/// <summary>What other processes and the file system do to recordings.</summary>
[SupportedOSPlatform("linux")]
public sealed class RecordingFaultTests : IDisposable
{
    private const string Prompt = "What is 2+2?";

    private static readonly RecordingRequest Request = Samples.Asking(Prompt);

    private readonly TempDirectory _temp = new();
    private readonly RecordingDirectory _directory;

    public RecordingFaultTests() => _directory = new RecordingDirectory(_temp["recordings"]);

    private string Answer => _directory.Find(Request)!.Outcome.Answer!.Value.GetString()!;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Write_KilledBetweenAttachmentsAndDocument_LeavesTheOldRecordingAndNothingVisible()
    {
        _directory.Write(Request, Samples.Answer("old"), [], replace: true);

        using var dying = RecorderProcess.Start(_directory.Path, "die", Prompt);
        var (exitCode, _) = await dying.EndAsync();

        Assert.Equal(RecorderProcess.KilledExitCode, exitCode);
        Assert.Equal("old", Answer);
        Assert.Single(Directory.GetFiles(_directory.Path, "*.bin", SearchOption.AllDirectories));
        Assert.True(new RecordingsAdmin(_directory.Path).Verify().IsWhole);
        Assert.Equal("new", Rewritten("new"));
    }

    [Fact]
    public async Task Write_FirstOfTwoProcesses_Wins()
    {
        using var first = RecorderProcess.Start(_directory.Path, "write", Prompt, "first", "keep");
        await first.EndAsync();
        using var second = RecorderProcess.Start(_directory.Path, "write", Prompt, "second", "keep");

        var (exitCode, output) = await second.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains(RecordingLayout.FileOf(_directory.Path, Request), output, StringComparison.Ordinal);
        Assert.Equal("first", Answer);
    }

    [Fact]
    public async Task Write_ManyProcessesAtOnce_OneOfTheirAnswersStaysWhole()
    {
        var processes = Enumerable
            .Range(0, 6)
            .Select(i =>
                RecorderProcess.Start(_directory.Path, "write", Prompt, $"answer {i}", i < 3 ? "keep" : "replace")
            )
            .ToList();

        foreach (var process in processes)
        {
            using (process)
                Assert.Equal(0, (await process.EndAsync()).ExitCode);
        }

        Assert.StartsWith("answer ", Answer, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Find_AnotherProcessWritesAnew_IsSeenByOneThatReads()
    {
        _directory.Write(Request, Samples.Answer("old"), [], replace: true);
        using var reader = RecorderProcess.Start(_directory.Path, "await-change", Prompt, "old");
        await reader.ReadToAsync("reading");

        Rewritten("new");

        Assert.Equal("changed new", await reader.ReadToAsync("changed"));
    }

    [Fact]
    public async Task RequireWritable_ReadOnlyDirectory_SaysWhatToDo()
    {
        SkipUnlessRoot();
        OpenToAll(_temp.Path, UnixFileMode.None);
        Directory.CreateDirectory(_directory.Path);
        OpenToAll(_directory.Path, UnixFileMode.None);

        using var nobody = RecorderProcess.StartAsNobody(_directory.Path, "probe", "");
        var (exitCode, output) = await nobody.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("RecordingException: Nothing can be recorded in", output, StringComparison.Ordinal);
        Assert.Contains("this user may not write there", output, StringComparison.Ordinal);
        Assert.Contains("USE_DEPLOYMENT_CACHE=true", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Find_ReadOnlyDirectory_Replays()
    {
        SkipUnlessRoot();
        OpenToAll(_temp.Path, UnixFileMode.None);
        _directory.Write(Request, Samples.Answer("4"), [], replace: true);

        using var nobody = RecorderProcess.StartAsNobody(_directory.Path, "find", Prompt);

        Assert.Contains("found 4", (await nobody.EndAsync()).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_FileOrFolderThatMayNotBeRead_SaysSo(bool file)
    {
        SkipUnlessRoot();
        OpenToAll(_temp.Path, UnixFileMode.None);
        var path = _directory.Write(Request, Samples.Answer("4"), [], replace: true);
        File.SetUnixFileMode(file ? path : Path.GetDirectoryName(path)!, UnixFileMode.UserRead);

        using var nobody = RecorderProcess.StartAsNobody(_directory.Path, "find", Prompt);
        var (exitCode, output) = await nobody.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("RecordingDamagedException", output, StringComparison.Ordinal);
        Assert.Contains("this user may not read it", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FullDisk_SaysSoAndLeavesTheOldRecording()
    {
        using var disk = SmallDisk();
        var full = new RecordingDirectory(_temp["disk/recordings"]);
        full.Write(Request, Samples.Answer("old"), [], replace: true);
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(2 << 20), "bin");

        var refused = Assert.Throws<RecordingException>(() =>
            full.Write(Request, Samples.Answer(name), attachments.All, replace: true)
        );

        Assert.Contains("There is no room to record", refused.Message, StringComparison.Ordinal);
        Assert.Equal("old", full.Find(Request)!.Outcome.Answer!.Value.GetString());
        // What tells git to leave attachments alone came before them, and may stay.
        Assert.Single(
            Directory.GetFiles(full.Path, "*", SearchOption.AllDirectories),
            file => Path.GetFileName(file) != ".gitattributes"
        );
    }

    [Fact]
    public void RequireWritable_FullDisk_SaysSo()
    {
        using var disk = SmallDisk();
        Assert.Throws<IOException>(() => File.WriteAllBytes(_temp["disk/filling"], new byte[2 << 20]));

        var refused = Assert.Throws<RecordingException>(
            new RecordingDirectory(_temp["disk/recordings"]).RequireWritable
        );

        Assert.Contains("There is no room to record", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("end", 0)]
    [InlineData("die", 1)]
    public async Task Note_ProcessThatEndsAndOneThatIsKilled_AreToldApart(string how, int open)
    {
        // Neither disposes of its log.
        Directory.CreateDirectory(_directory.Path);
        using var process = RecorderProcess.StartInRun("nightly", _directory.Path, "use", Prompt, how);

        await process.EndAsync();

        var run = new RecordingsAdmin(_directory.Path).List().LastRun!;
        Assert.Equal(("nightly", 1, open), (run.Name, run.Processes, run.Open));
        Assert.Contains(Request.Key.Digest, UsageBook.Read(_directory.Path).LastUses().Keys);
    }

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(Environment.UserName == "root", "only root may become another user");

    private static void OpenToAll(string directory, UnixFileMode more) =>
        File.SetUnixFileMode(
            directory,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute
                | more
        );

    private string Rewritten(string answer)
    {
        _directory.Write(Request, Samples.Answer(answer), [], replace: true);
        return Answer;
    }

    private Mount SmallDisk()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true"
                || Environment.GetEnvironmentVariable("LARDER_ALLOW_MOUNTS") == "1",
            "it mounts file systems: set LARDER_ALLOW_MOUNTS=1 where they are welcome"
        );
        SkipUnlessRoot();
        return new Mount(Directory.CreateDirectory(_temp["disk"]).FullName);
    }

    /// <summary>A file system in memory that holds a megabyte.</summary>
    private sealed class Mount : IDisposable
    {
        private readonly string _path;

        public Mount(string path)
        {
            _path = path;
            Run("mount", "-t", "tmpfs", "-o", "size=1m", "larder-test", path);
        }

        public void Dispose() => Run("umount", "--lazy", _path);

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}

using System.Diagnostics;
using System.Text;
using Larder.Server.Access;
using Larder.TestKit;

namespace Larder.Server.Tests.Access;

public sealed class AuditFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Path => _directory["audit.jsonl"];

    [Fact]
    public async Task Append_FileIsFull_BeginsAnotherAndKeepsNine()
    {
        var file = new AuditFile(Path, maxBytes: 10, TimeProvider.System);

        for (var i = 10; i < 35; i++)
            await file.AppendAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"l{i}\n")));

        Assert.Equal("l34\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal("l32\nl33\n", await File.ReadAllTextAsync(Path + ".1", TestContext.Current.CancellationToken));
        Assert.Equal("l16\nl17\n", await File.ReadAllTextAsync(Path + ".9", TestContext.Current.CancellationToken));
        Assert.Equal(10, Directory.GetFiles(_directory.Path).Length);
    }

    [Fact]
    public async Task Append_FileWasMovedAway_MakesItAgain()
    {
        var file = new AuditFile(Path, maxBytes: 1000, TimeProvider.System);
        await file.AppendAsync("a\n"u8.ToArray());
        File.Delete(Path);

        await file.AppendAsync("b\n"u8.ToArray());

        Assert.Equal("b\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_LastLineWasCutShort_BeginsALineOfItsOwn()
    {
        var file = new AuditFile(Path, maxBytes: 1000, TimeProvider.System);
        // As a full disk, or the end of a process, leaves it.
        await File.WriteAllTextAsync(Path, "a\nhalf", TestContext.Current.CancellationToken);

        await file.AppendAsync("b\n"u8.ToArray());

        Assert.Equal(["a", "half", "b"], await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_FullFileCannotBeMovedAway_LineIsWrittenAllTheSame()
    {
        var file = new AuditFile(Path, maxBytes: 3, TimeProvider.System);
        await file.AppendAsync("a\n"u8.ToArray());
        Directory.CreateDirectory(System.IO.Path.Combine(Path + ".1", "taken"));

        await file.AppendAsync("b\n"u8.ToArray());

        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_ToAPipe_IsReadAtItsOtherEnd()
    {
        // A reader of .NET would lock it.
        using var reader = Process.Start(
            new ProcessStartInfo("sh", ["-c", "mkfifo \"$0\" && exec 3<>\"$0\" && echo ready && exec cat <&3", Path])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        Assert.Equal("ready", await reader.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var file = new AuditFile(Path, maxBytes: 1000, TimeProvider.System);

        await file.AppendAsync("a\n"u8.ToArray());
        await file.AppendAsync("b\n"u8.ToArray());

        Assert.Equal("a", await reader.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal("b", await reader.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        reader.Kill();
    }

    [Fact]
    public async Task Append_TwoProcessesAtOnce_LoseNoLine()
    {
        await Task.WhenAll(WriteAsync("a"), WriteAsync("b"));

        var lines = await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken);
        Assert.Equal((200, 100), (lines.Length, lines.Count(line => line == "a")));

        async Task WriteAsync(string text)
        {
            var file = new AuditFile(Path, maxBytes: 1_000_000, TimeProvider.System);
            for (var i = 0; i < 100; i++)
                await file.AppendAsync(Encoding.ASCII.GetBytes(text + "\n"));
        }
    }

    public void Dispose() => _directory.Dispose();
}

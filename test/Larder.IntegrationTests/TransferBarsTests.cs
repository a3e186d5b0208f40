using System.Text;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>What a person sees on a terminal, which <c>script</c> of util-linux makes.</summary>
public sealed class TransferBarsTests : CommandTests
{
    private const int Held = 500_000;

    [Fact]
    public async Task Pull_OnATerminal_HasABarForAllAndOneForEachLargeFileThatIsUnderWay()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["weights-1.bin"] = TestBytes.Of(20_000_000, 1),
            ["weights-2.bin"] = TestBytes.Of(10_000_000, 2),
            ["vocabulary.txt"] = TestBytes.Of(1_000_000, 3),
        };
        var release = new TaskCompletionSource();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            if (exchange.Target == "/m/")
            {
                var lines = files.Select(file =>
                    $"<a href=\"{file.Key}\">{file.Key}</a> 21-Nov-2026 10:00 {file.Value.Length}\n"
                );
                await exchange.AnswerAsync(
                    200,
                    Encoding.UTF8.GetBytes(
                        $"<html><head><title>Index of /m/</title></head><body><pre><a href=\"../\">../</a>\n{string.Concat(lines)}</pre></body></html>"
                    ),
                    "Content-Type: text/html"
                );
                return;
            }
            var bytes = files[exchange.Target["/m/".Length..]];
            if (exchange.IsHead)
            {
                await exchange.AnswerAsync(200, bytes, "ETag: \"v1\"");
                return;
            }
            await exchange.SendHeadAsync(200, bytes.Length, "ETag: \"v1\"");
            await exchange.SendBodyAsync(bytes.AsMemory(0, Held));
            await release.Task;
            await exchange.SendBodyAsync(bytes.AsMemory(Held));
        });
        using var terminal = CommandProcess.StartProgram(
            "script",
            Here,
            [
                "--quiet",
                "--return",
                "--command",
                $"stty cols 100 rows 30; exec '{CommandProcess.ExecutablePath()}' pull '{origin.Url("/m/")}'",
                "/dev/null",
            ],
            $"LARDER_STORE={StorePath}",
            "TERM=xterm-256color"
        );

        var all = await terminal.ReadOutputToAsync(" of 31.0 MB");
        var first = await terminal.ReadOutputToAsync("weights-1.bin");
        await terminal.ReadOutputToAsync("weights-2.bin");
        release.SetResult();
        var result = (await terminal.EndAsync()).Done();

        Assert.Contains(origin.Url("/m/"), all, StringComparison.Ordinal);
        Assert.Contains(" of 20.0 MB", first, StringComparison.Ordinal);
        Assert.DoesNotContain("vocabulary.txt", result.Output, StringComparison.Ordinal);
        // Whoever looks again sees the answer alone.
        Assert.Contains("snapshots/", result.Output.Split('\n')[^2], StringComparison.Ordinal);
    }
}

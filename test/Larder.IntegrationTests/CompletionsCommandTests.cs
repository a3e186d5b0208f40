using System.Diagnostics;

namespace Larder.IntegrationTests;

/// <summary>The scripts of <c>larder completions</c>, in the shells that they are for.</summary>
[Trait("Category", "Integration")]
public sealed class CompletionsCommandTests : CommandTests
{
    [Theory]
    [InlineData("larder pu", "pull")]
    [InlineData("larder presets keyframe_interpolation_q", "keyframe_interpolation_quantized")]
    // Bash has ended a word at the colon.
    [InlineData("larder show file:", "//{0}")]
    [InlineData("larder verify --store /nowhere ")]
    public async Task Bash_ALine_IsCompleted(string line, params string[] expected)
    {
        var model = await PullAsync();

        var found = await RunShellAsync(
            "bash",
            $$"""
            source <("$LARDER" completions bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            _larder "$LARDER"
            for word in "${COMPREPLY[@]}"; do echo "$word"; done
            """
        );

        Assert.Equal(expected.Select(word => word.Replace("{0}", model, StringComparison.Ordinal)), found);
    }

    [Fact]
    public async Task Bash_TheScript_IsTheCompletionOfTheCommand()
    {
        var found = await RunShellAsync("bash", """source <("$LARDER" completions bash); complete -p larder""");

        Assert.Equal(["complete -o bashdefault -o default -F _larder larder"], found);
    }

    [Fact]
    public async Task Zsh_ALine_IsCompleted()
    {
        // The functions of a shell that a person sits at.
        var found = await RunShellAsync(
            "zsh",
            """
            compdef() { :; }
            compadd() { shift; print -l -- "$@"; }
            _files() { print files; }
            source =("$LARDER" completions zsh)
            words=("$LARDER" shared pr) CURRENT=3 PREFIX=pr
            _larder
            words=("$LARDER" serve "") CURRENT=3 PREFIX=
            _larder
            """
        );

        Assert.Equal(["prune", "files"], found);
    }

    [Fact]
    public async Task Fish_ALine_IsCompleted()
    {
        var found = await RunShellAsync(
            "fish",
            """
            set -x PATH (dirname $LARDER) $PATH
            larder completions fish | source
            complete -C 'larder shared pr'
            """
        );

        Assert.Equal(["prune"], found);
    }

    [Fact]
    public async Task Completions_NoSuchShell_Is2()
    {
        var result = (await RunAsync("completions", "cmd")).Ended(2);

        Assert.Contains("bash, zsh and fish are known", result.Error, StringComparison.Ordinal);
    }

    private async Task<string> PullAsync()
    {
        (await RunAsync("pull", Sample(Prices))).Done();
        return Sample(Prices).TrimEnd('/');
    }

    private async Task<string[]> RunShellAsync(string shell, string script)
    {
        Assert.SkipUnless(IsInstalled(shell), $"There is no {shell} on this machine.");
        var start = new ProcessStartInfo(shell, ["-c", script])
        {
            WorkingDirectory = Here,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["LARDER"] = CommandProcess.ExecutablePath();
        start.Environment["LARDER_STORE"] = StorePath;
        start.Environment["HOME"] = Here;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsInstalled(string shell) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, shell)));
}

using System.Text.Json.Nodes;
using static Larder.Passes.Commands.Tests.CommandHarness;

namespace Larder.Passes.Commands.Tests;

public sealed class CommandPassTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_ProgramThatCopies_WritesItsOutput()
    {
        await _harness.RunAsync(new JsonObject { ["run"] = new JsonArray("cp", "-r", "{input}/.", "{output}") });

        Assert.Equal("weights", _harness.Read("model.bin"));
    }

    [Fact]
    public async Task Run_Script_FindsThePathsInItsEnvironmentAndLeavesTheShellsOwnBraces()
    {
        await _harness.RunAsync(
            Shell(
                """output=mine; echo "${output} $(cat "$LARDER_INPUT/model.bin") $(pwd)" > "$LARDER_OUTPUT/a.txt"; [ "$LARDER_WORK" = "$(pwd)" ]"""
            )
        );

        Assert.Equal($"mine weights {_harness.Work}/files\n", _harness.Read("a.txt"));
    }

    [Fact]
    public async Task Run_WorkingDirectory_HasTheDeclaredInputsAndNothingElse()
    {
        _harness.Write("convert.sh", "find . -type f | sort; cat scripts/deep/b.txt");
        _harness.Write("scripts/deep/b.txt", "B\n");
        _harness.Write("scripts/a.txt", "A");
        _harness.Write("other.txt", "not declared");

        await _harness.RunAsync(
            Shell("sh convert.sh > {output}/seen", ("inputs", new JsonArray("./convert.sh", "scripts/")))
        );

        Assert.Equal("./convert.sh\n./scripts/a.txt\n./scripts/deep/b.txt\nB\n", _harness.Read("seen"));
    }

    [Fact]
    public async Task Run_ProgramAmongItsInputs_IsRunFromThere()
    {
        var script = _harness.Write("tools/convert", "#!/bin/sh\necho made > \"$1/made\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await _harness.RunAsync(
            new JsonObject
            {
                ["run"] = new JsonArray("./tools/convert", "{output}"),
                ["inputs"] = new JsonArray("tools"),
            }
        );

        Assert.Equal("made\n", _harness.Read("made"));
    }

    [Fact]
    public async Task Run_Environment_IsTheGivenOneAndNoOther()
    {
        Environment.SetEnvironmentVariable("COMMAND_TEST_OTHER", "leaks");
        Environment.SetEnvironmentVariable("COMMAND_TEST_PASSED", "passed-on");

        await _harness.RunAsync(
            Shell(
                "env | cut -d= -f1 | sort > {output}/names; echo $GIVEN $COMMAND_TEST_PASSED > {output}/values; case $TMPDIR in {work}*) exit 1;; esac; touch $TMPDIR/t",
                ("environment", new JsonObject { ["GIVEN"] = "given" }),
                ("pass_environment", new JsonArray("COMMAND_TEST_PASSED", "COMMAND_TEST_UNSET"))
            )
        );

        var names = _harness.Read("names").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [],
            names.Except(
                (string[])
                    [
                        "COMMAND_TEST_PASSED",
                        "GIVEN",
                        "HOME",
                        "LANG",
                        "LARDER_INPUT",
                        "LARDER_OUTPUT",
                        "LARDER_RUN",
                        "LARDER_WORK",
                        "PATH",
                        "PWD",
                        "SHLVL",
                        "OLDPWD",
                        "TMPDIR",
                        "_",
                    ],
                StringComparer.Ordinal
            )
        );
        Assert.Contains("GIVEN", names);
        Assert.Equal("given passed-on\n", _harness.Read("values"));
        Assert.Contains(
            _harness.Lines,
            line => line.Contains("COMMAND_TEST_UNSET of 'pass_environment' is not set", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Run_StandardInput_IsEmpty()
    {
        await _harness.RunAsync(Shell("wc -c > {output}/size"));

        Assert.Equal("0", _harness.Read("size").Trim());
    }

    [Fact]
    public async Task Run_PassedSecret_IsInNoLineAndNoFailure()
    {
        Environment.SetEnvironmentVariable("COMMAND_TEST_SECRET", "s3cr3t-value\nsecond-line");

        var failure = await _harness.FailAsync(
            Shell(
                """echo "token=$COMMAND_TEST_SECRET"; head -c 20000 /dev/zero | tr '\0' x; echo "$COMMAND_TEST_SECRET" >&2; exit 1""",
                ("pass_environment", new JsonArray("COMMAND_TEST_SECRET"))
            )
        );

        Assert.Contains("token=***", _harness.Lines);
        foreach (var secret in (string[])["s3cr3t", "second-line"])
        {
            Assert.DoesNotContain(_harness.Lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, failure.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_HugeOutput_IsReadAndOnlyItsEndKept()
    {
        var failure = await _harness.FailAsync(
            Shell("i=0; while [ $i -lt 40000 ]; do echo \"line $i of many\"; i=$((i+1)); done; exit 1")
        );

        Assert.Equal(40000, _harness.Lines.Count);
        Assert.EndsWith("line 39999 of many", failure.Output, StringComparison.Ordinal);
        Assert.InRange(failure.Output.Length, 60_000, 65_536);
        Assert.InRange(failure.Message.Length, 100, 1000);
    }

    [Fact]
    public async Task Run_BinaryOutputWithoutLines_IsShownAsTextAndCut()
    {
        await _harness.RunAsync(
            Shell(
                "head -c 3000000 /dev/urandom | tr -d '\\n\\r'; printf '\\033[31mred\\033[0m\\r\\n\\377\\000end\\n'; touch {output}/a"
            )
        );

        Assert.All(
            _harness.Lines,
            line => Assert.DoesNotContain(line, letter => char.IsControl(letter) && letter != '\t')
        );
        Assert.All(_harness.Lines, line => Assert.InRange(line.Length, 1, 16 * 1024 + 1));
        Assert.Equal("\uFFFD\uFFFDend", _harness.Lines[^1]);
    }

    [Fact]
    public async Task Run_LogThatThrows_IsThrownWhenTheProgramHasEnded()
    {
        var plan = new CommandPass().Plan(_harness.Request(Shell("yes | head -n 100000; touch {output}/a")));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            plan.RunAsync(
                new PassRun
                {
                    InputPath = _harness.Input,
                    Input = CommandHarness.Model,
                    OutputPath = _harness.Output,
                    WorkPath = _harness.Work,
                    Log = _ => throw new InvalidOperationException("no terminal"),
                },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("no terminal", failure.Message);
    }

    [Fact]
    public async Task Run_MissingProgram_IsAFailureOfTheEnvironmentWithThePath()
    {
        var failure = await _harness.FailAsync(new JsonObject { ["run"] = new JsonArray("no-such-tool", "{input}") });

        Assert.Equal(PassFailure.Environment, failure.Failure);
        Assert.Contains("'no-such-tool' in the PATH", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 1", PassFailure.Permanent, "exit code 1")]
    [InlineData("exit 75", PassFailure.Transient, "exit code 75")]
    [InlineData("exit 255", PassFailure.Permanent, "exit code 255")]
    [InlineData("no-such-tool", PassFailure.Environment, "exit code 127")]
    [InlineData("/etc/passwd", PassFailure.Environment, "exit code 126")]
    [InlineData("kill -9 $$", PassFailure.Transient, "memory")]
    [InlineData("kill -SEGV $$", PassFailure.Transient, "signal 11")]
    public async Task Run_BadEnd_FailsByItsKindWithTheLastLines(string script, PassFailure kind, string words)
    {
        var failure = await _harness.FailAsync(
            Shell($"echo working; echo nearly done >&2; {script}", ("transient_exit_codes", new JsonArray(75)))
        );

        Assert.Equal(kind, failure.Failure);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("nearly done", failure.Message, StringComparison.Ordinal);
        Assert.Contains("working", failure.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ScriptThatIsNotDeclared_IsNamedInTheFailure()
    {
        _harness.Write("convert.sh", "exit 0");

        var failure = await _harness.FailAsync(new JsonObject { ["run"] = new JsonArray("sh", "convert.sh") });

        Assert.Contains("'convert.sh' lies beside the workflow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NothingWritten_FailsForGood()
    {
        var failure = await _harness.FailAsync(Shell("mkdir {output}/empty"));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("wrote no file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DeclaredOutputsMissing_FailsNamingThem()
    {
        var failure = await _harness.FailAsync(
            Shell(
                "mkdir {output}/onnx; touch {output}/onnx/model.onnx",
                ("outputs", new JsonArray("*.onnx", "tokenizer.json", "/model.onnx"))
            )
        );

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains(
            "missing: 'tokenizer.json', '/model.onnx'. It wrote 'onnx/model.onnx'",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("ln -s {input}/model.bin {output}/a", "'a' of its output is a symbolic link")]
    [InlineData("ln -s /etc {output}/a", "'a' of its output is a symbolic link")]
    [InlineData("ln -s nowhere {output}/a", "'a' of its output is a symbolic link")]
    [InlineData("ln -s a {output}/a", "'a' of its output is a symbolic link")]
    [InlineData("mkdir {output}/d; ln -s d {output}/a", "'a' of its output is a symbolic link")]
    [InlineData("mkfifo {output}/a", "'a' of its output is neither a file")]
    public async Task Run_ResultThatNoModelHas_IsRefused(string script, string words)
    {
        var failure = await _harness.FailAsync(Shell($"touch {{output}}/model.bin; {script}"));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LinksAmongTheResult_BecomeFiles()
    {
        await _harness.RunAsync(
            Shell("echo one > {output}/a; ln -s a {output}/b; mkdir {output}/d; ln -s {output}/b {output}/d/c")
        );

        foreach (var name in (string[])["b", "d/c"])
        {
            Assert.Null(new FileInfo(Path.Combine(_harness.Output, name)).LinkTarget);
            Assert.Equal("one\n", _harness.Read(name));
        }
    }

    [Fact]
    public async Task Run_FilesOfTheInputLinkedOrCopied_AreFilesOfTheResultsOwn()
    {
        var input = Path.Combine(_harness.Input, "model.bin");
        File.SetUnixFileMode(input, UnixFileMode.UserRead);

        await _harness.RunAsync(
            Shell(
                "ln {input}/model.bin {output}/linked; mkdir {output}/d; cp {input}/model.bin {output}/d/copied; chmod 500 {output}/d; mkdir -m 000 $TMPDIR/closed"
            )
        );

        FileModes.Allow(input, FileModes.OwnFile);
        await File.WriteAllTextAsync(input, "changed", TestContext.Current.CancellationToken);
        foreach (var name in (string[])["linked", "d/copied"])
        {
            Assert.Equal("weights", _harness.Read(name));
            Assert.Equal(
                FileModes.OwnFile,
                File.GetUnixFileMode(Path.Combine(_harness.Output, name)) & FileModes.OwnFile
            );
        }
        Assert.Equal(["d", "d/copied", "linked"], Names(_harness.Output));
        foreach (
            var directory in (string[])[Path.Combine(_harness.Output, "d"), Path.Combine(_harness.Work, "tmp/closed")]
        )
            Assert.Equal(FileModes.OwnDirectory, File.GetUnixFileMode(directory) & FileModes.OwnDirectory);

        static IEnumerable<string> Names(string root) =>
            Directory
                .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path))
                .Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("echo more >> data/a.txt")]
    [InlineData("printf B > data/a.txt")]
    [InlineData("rm data/a.txt")]
    [InlineData("rm data/a.txt; ln -s /etc/passwd data/a.txt")]
    public async Task Run_DeclaredInputChanged_FailsNamingIt(string script)
    {
        var original = _harness.Write("data/a.txt", "A");

        var failure = await _harness.FailAsync(
            Shell($"touch {{output}}/model.bin; chmod -R u+w data; {script}", ("inputs", new JsonArray("data")))
        );

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("'data/a.txt'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("A", File.ReadAllText(original));
    }

    [Fact]
    public async Task Run_InputChangedSinceThePlan_IsNotRunOnWhatTheKeyDoesNotSay()
    {
        var path = _harness.Write("data/a.txt", "A");
        var plan = new CommandPass().Plan(
            _harness.Request(Shell("touch {output}/ran", ("inputs", new JsonArray("data"))))
        );
        File.WriteAllText(path, "B");

        var failure = await Assert.ThrowsAsync<PassException>(() => _harness.RunAsync(plan));

        Assert.Equal(PassFailure.Transient, failure.Failure);
        Assert.Contains("'data/a.txt' is not what it was", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_harness.Output, "ran")));
    }

    [Fact]
    public async Task Run_PathsThatLookLikePlaces_AreReplacedOnce()
    {
        using var odd = new CommandHarness();
        var plan = new CommandPass().Plan(
            odd.Request(new JsonObject { ["run"] = new JsonArray("cp", "{input}/model.bin", "{output}/{input}.bin") })
        );
        var input = Directory.CreateDirectory(odd["{output}"]).FullName;
        File.WriteAllText(Path.Combine(input, "model.bin"), "odd");
        Directory.CreateDirectory(odd.Output + input[..input.LastIndexOf('/')]);

        await plan.RunAsync(
            new PassRun
            {
                InputPath = input,
                Input = CommandHarness.Model,
                OutputPath = odd.Output,
                WorkPath = odd.Work,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal("odd", File.ReadAllText(odd.Output + input + ".bin"));
    }
}

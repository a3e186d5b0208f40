using System.Text.Json.Nodes;
using Larder.Content;
using static Larder.Passes.Commands.Tests.CommandHarness;

namespace Larder.Passes.Commands.Tests;

public sealed class CommandPlanTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Plan_Facts_NameAllThatTheResultDependsOn()
    {
        var script = _harness.Write("convert.sh", "exit 0");
        Environment.SetEnvironmentVariable("COMMAND_PLAN_SECRET", "plan-s3cr3t");
        var config = Shell(
            "sh convert.sh",
            ("inputs", new JsonArray("./convert.sh")),
            ("environment", new JsonObject { ["LEVEL"] = "3" }),
            ("pass_environment", new JsonArray("COMMAND_PLAN_SECRET")),
            ("version", "2")
        );

        var facts = new CommandPass().Plan(_harness.Request(config)).Facts;

        Assert.Equal(
            """{"environment":{"LEVEL":"3"},"inputs":["./convert.sh"],"outputs":[],"pass_environment":["COMMAND_PLAN_SECRET"],"run":["sh","-c","sh convert.sh"],"version":"2","version_command":[]}""",
            System.Text.Encoding.UTF8.GetString(CanonicalJson.Serialize(facts.Config))
        );
        Assert.Equal(new Dictionary<string, string> { ["convert.sh"] = script }, facts.Files);
        Assert.Empty(facts.Environment);
    }

    [Fact]
    public void Plan_TimeLimit_IsNoPartOfTheKey()
    {
        Assert.Equal(
            Key(Shell("true")),
            Key(Shell("true", ("time_limit", "3 min"), ("transient_exit_codes", new JsonArray(75))))
        );
        Assert.NotEqual(Key(Shell("true")), Key(Shell("true", ("version", "1"))));

        string Key(JsonObject config) => new CommandPass().Plan(_harness.Request(config)).Facts.Config.ToJsonString();
    }

    [Fact]
    public void Plan_VersionCommand_IsAskedOnceAndPartOfTheKey()
    {
        var pass = new CommandPass();
        var config = Shell("true");
        config["version_command"] = new JsonArray("sh", "-c", "echo run >> count; date +%N >&2; echo tool 1.2");

        var first = pass.Plan(_harness.Request(config)).Facts;
        var second = pass.Plan(_harness.Request(config)).Facts;

        Assert.Equal("tool 1.2", first.Environment["version_command"]);
        Assert.Equal("tool 1.2", second.Environment["version_command"]);
        Assert.Equal("run\n", File.ReadAllText(Path.Combine(_harness.Base, "count")));
    }

    [Theory]
    [InlineData("no-such-tool", "in the PATH")]
    [InlineData("false", "exit code 1")]
    [InlineData("true", "printed nothing")]
    public void Plan_VersionCommandThatFails_IsAFault(string program, string words)
    {
        var config = Shell("true");
        config["version_command"] = new JsonArray(program);

        var wrong = Assert.Throws<WorkflowException>(() => new CommandPass().Plan(_harness.Request(config)));

        Assert.Equal("$.passes[0].config.version_command", Assert.Single(wrong.Faults).Path);
        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "$.passes[0].config: 'run' is missing")]
    [InlineData("""{"run": []}""", "config.run: It names no program")]
    [InlineData("""{"run": [""]}""", "config.run: It names no program")]
    [InlineData("""{"run": "sh convert.sh"}""", "config.run: \"sh convert.sh\" is no list")]
    [InlineData("""{"run": ["sh", null]}""", "config.run[1]: It is null")]
    [InlineData("""{"run": ["sh", "a\u0000b"]}""", "config.run[1]: It has a zero character")]
    [InlineData("""{"run": ["sh", "{metrics}"]}""", "config.run[1]: There is no {metrics} here")]
    [InlineData(
        """{"run": ["./convert.sh"]}""",
        "config.run[0]: './convert.sh' is a file beside the workflow: name it in 'inputs'"
    )]
    [InlineData("""{"run": ["sh"], "input": ["a"]}""", "config.input: There is no such option. Did you mean 'inputs'?")]
    [InlineData(
        """{"run": ["sh"], "inputs": ["nowhere"]}""",
        "config.inputs[0]: There is no file or directory 'nowhere'"
    )]
    [InlineData("""{"run": ["sh"], "inputs": ["../a"]}""", "config.inputs[0]: '../a' has a '.' or '..' segment")]
    [InlineData("""{"run": ["sh"], "inputs": ["/etc/passwd"]}""", "config.inputs[0]: '/etc/passwd' is absolute")]
    [InlineData("""{"run": ["sh"], "inputs": ["data", "data/a"]}""", "config.inputs[1]: 'data/a' is named already")]
    [InlineData("""{"run": ["sh"], "inputs": ["data", "./data/"]}""", "config.inputs[1]: 'data' is named already")]
    [InlineData(
        """{"run": ["sh"], "inputs": ["circle"]}""",
        "config.inputs[0]: 'circle/self' is a link to a directory"
    )]
    [InlineData("""{"run": ["sh"], "inputs": ["loop"]}""", "config.inputs[0]: There is no file or directory 'loop'")]
    [InlineData(
        """{"run": ["sh"], "environment": {"A=B": "c"}}""",
        "config.environment: 'A=B' is no name of a variable"
    )]
    [InlineData("""{"run": ["sh"], "environment": {"LARDER_INPUT": "c"}}""", "Larder's own")]
    [InlineData(
        """{"run": ["sh"], "environment": {"A": "b"}, "pass_environment": ["A"]}""",
        "config.pass_environment[0]: A is in 'environment' as well"
    )]
    [InlineData("""{"run": ["sh"], "time_limit": "10"}""", "config.time_limit: It is '10'; a time")]
    [InlineData("""{"run": ["sh"], "time_limit": "0 s"}""", "config.time_limit")]
    [InlineData("""{"run": ["sh"], "time_limit": "31 d"}""", "config.time_limit")]
    [InlineData(
        """{"run": ["sh"], "transient_exit_codes": [0]}""",
        "config.transient_exit_codes[0]: An exit code from 1 to 255"
    )]
    [InlineData("""{"run": ["sh"], "outputs": ["a//b"]}""", "config.outputs[0]: 'a//b' is no pattern")]
    public void Plan_BadOption_SaysWhichAndWhatToDo(string config, string words)
    {
        _harness.Write("data/a", "A");
        _harness.Write("circle/a", "A");
        File.CreateSymbolicLink(Path.Combine(_harness.Base, "circle/self"), "..");
        File.CreateSymbolicLink(Path.Combine(_harness.Base, "loop"), "loop");

        var wrong = Assert.Throws<WorkflowException>(() =>
            new CommandPass().Plan(_harness.Request(JsonNode.Parse(config)!.AsObject()))
        );

        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SeveralBadOptions_AreToldTogether()
    {
        var config = Shell("true", ("time_limit", "soon"), ("inputs", new JsonArray("a", "b")));

        var wrong = Assert.Throws<WorkflowException>(() => new CommandPass().Plan(_harness.Request(config)));

        Assert.Equal(
            ["$.passes[0].config.inputs[0]", "$.passes[0].config.inputs[1]", "$.passes[0].config.time_limit"],
            wrong.Faults.Select(fault => fault.Path)
        );
    }
}

using Larder.Pull;
using Larder.Pull.Archives;

namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Theory]
    [InlineData("cache")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Load_BadModelId_IsAFault(string id)
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf($$$$"""{"models": {"{{{{id}}}}": {"from": "file:///a"}}}""")
        );

        Assert.StartsWith($"models.{id} is no id of a model", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/a")]
    [InlineData("/models/a")]
    [InlineData("")]
    public void Load_FromIsNoReference_IsAFault(string from)
    {
        var fault = Assert.Single(ConfigurationFile.FaultsOf($$$$"""{"models": {"a": {"from": "{{{{from}}}}"}}}"""));

        Assert.StartsWith("models.a.from is wrong: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SecretInABadReference_IsNotRepeated()
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "https://user:hush@host:port/a?sig=hush"}}}""")
        );

        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherRuntime_IsAFault() =>
        Assert.Equal(
            ["models.a.runtime is 'torch'; onnx, process are possible."],
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "file:///a", "runtime": "torch"}}}""")
        );

    [Fact]
    public void Load_UnpackIsUnknown_IsAFault() =>
        Assert.Equal(
            ["models.a.unpack is 'tar'; auto, none are possible."],
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "file:///a", "unpack": "tar"}}}""")
        );

    [Fact]
    public void Load_ChoiceOfFiles_IsHowTheModelIsPulled()
    {
        var model = ConfigurationFile
            .Load(
                """{"models": {"a": {"from": "file:///a.zip", "include": ["*.onnx", "sub/"], "exclude": [], "unpack": "none"}}}"""
            )
            .Models["a"];

        Assert.Equal(["*.onnx", "sub/"], model.Pull.Include);
        Assert.Empty(model.Pull.Exclude);
        Assert.Equal(UnpackMode.None, model.Pull.Unpack);
    }

    [Fact]
    public void Load_NoChoiceOfFiles_IsAllOfThemAndArchivesAreUnpacked()
    {
        var model = ConfigurationFile.Load("""{"models": {"a": {"from": "file:///a"}}}""").Models["a"];

        Assert.Empty(model.Pull.Include.Concat(model.Pull.Exclude));
        Assert.Equal(UnpackMode.Auto, model.Pull.Unpack);
    }

    [Theory]
    [InlineData(""" "include": ["!a"] """, "models.a.include has the pattern '!a', which begins with '!'")]
    [InlineData(""" "exclude": ["ok", "[a"] """, "models.a.exclude has the pattern '[a', which has a '['")]
    [InlineData(""" "include": "*.onnx" """, "models.a.include is the value '*.onnx'; a list is expected.")]
    [InlineData(""" "include": [["a"]] """, "models.a.include has '0', which is no text of a list.")]
    [InlineData(""" "include": {"a": "b"} """, "models.a.include has 'a', which is no text of a list.")]
    public void Load_PatternsThatCannotBe_AreAFault(string setting, string message)
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf($"{{\"models\": {{\"a\": {{\"from\": \"file:///a\", {setting}}}}}}}")
        );

        Assert.StartsWith(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Archives_AreLimited()
    {
        var limits = ConfigurationFile
            .Load("""{"archives": {"max_bytes": "1 GB", "max_entries": 10, "max_ratio": 20, "max_depth": 3}}""")
            .Store.Archives;

        Assert.Equal(
            new ArchiveLimits
            {
                MaxBytes = 1_000_000_000,
                MaxEntries = 10,
                MaxRatio = 20,
                MaxDepth = 3,
            },
            limits
        );
        Assert.Equal(
            4,
            ConfigurationFile
                .FaultsOf("""{"archives": {"max_bytes": 0, "max_entries": 0, "max_ratio": -1, "depth": 3}}""")
                .Count
        );
    }

    [Fact]
    public void Load_ModelIsNoSection_IsAFault() =>
        Assert.Contains(
            "models.a is the value 'file:///a'; a section with names and values is expected.",
            ConfigurationFile.FaultsOf("""{"models": {"a": "file:///a"}}""")
        );

    [Fact]
    public void Load_RuntimeProcess_HasItsProgram()
    {
        var model = ConfigurationFile
            .Load(
                """
                {"models": {"iris": {"from": "file:///a.zip", "runtime": "process",
                    "command": ["python3", "{snapshot}/serve.py", ""],
                    "environment": {"OMP_NUM_THREADS": "1", "EMPTY": ""},
                    "workers": 2, "start_timeout": "2 min", "request_timeout": "500 ms", "memory": "500 MB"}}}
                """
            )
            .Models["iris"];

        Assert.Equal("process", model.Runtime);
        Assert.Equal(["python3", "{snapshot}/serve.py", ""], model.Worker!.Command);
        Assert.Equal(("1", ""), (model.Worker.Environment["OMP_NUM_THREADS"], model.Worker.Environment["EMPTY"]));
        Assert.Equal((2, 500_000_000), (model.Worker.Workers, model.Worker.EstimatedBytes));
        Assert.Equal(
            (TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(500)),
            (model.Worker.StartTimeout, model.Worker.RequestTimeout)
        );
    }

    [Fact]
    public void Load_SettingsOfAnotherRuntime_AreFaults()
    {
        Assert.Equal(
            [
                "models.a.command is for the runtime 'process', and this model's is 'onnx'.",
                "models.a.workers is for the runtime 'process', and this model's is 'onnx'.",
            ],
            ConfigurationFile
                .FaultsOf("""{"models": {"a": {"from": "file:///a", "command": ["true"], "workers": 1}}}""")
                .Order()
        );
        Assert.Equal(
            ["models.a.file is for the runtime 'onnx'. Name the file in 'command', behind {snapshot}/."],
            ConfigurationFile.FaultsOf(
                """{"models": {"a": {"from": "file:///a", "runtime": "process", "command": ["true"], "file": "b"}}}"""
            )
        );
    }

    [Theory]
    [InlineData(
        """  "workers": 1 """,
        "command is missing; the runtime 'process' needs a program to start, such as [\"python3\", \"{snapshot}/serve.py\"]."
    )]
    [InlineData("""  "command": ["a"], "workers": 0 """, "workers is '0'; a whole number of 1 or more is expected.")]
    [InlineData(
        """  "command": ["a"], "request_timeout": "0 s" """,
        "request_timeout is not more than 0 and at most 49 days."
    )]
    [InlineData(
        """  "command": ["a"], "environment": {"LARDER_TOKEN": "b"} """,
        "environment.LARDER_TOKEN begins with LARDER_, as the names do that Larder gives to workers itself."
    )]
    public void Load_ProcessThatCannotBe_IsAFault(string settings, string fault) =>
        Assert.Equal(
            [$"models.a.{fault}"],
            ConfigurationFile.FaultsOf(
                """{"models": {"a": {"from": "file:///a", "runtime": "process", """ + settings + "}}}"
            )
        );
}

using System.CommandLine;
using Larder.Cli.Tests.Documents;

namespace Larder.Cli.Tests.Help;

/// <summary>What <c>--help</c> says of every command.</summary>
public sealed class CommandGuidesTests
{
    public static TheoryData<string> Paths => [.. PathsOf(LarderCommand.Build(new GlobalOptions()), "larder")];

    [Theory]
    [MemberData(nameof(Paths), DisableDiscoveryEnumeration = true)]
    public void Help_EveryCommand_HasExamplesThatItTakes(string path)
    {
        var lines = HelpOf(path);

        var examples = lines
            .SkipWhile(line => line != "Examples:")
            .Skip(1)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Trim())
            .ToList();

        Assert.InRange(examples.Count, 1, 3);
        Assert.All(
            examples,
            example =>
            {
                var result = CommandLines.Parse(example);
                Assert.True(result.Errors.Count == 0, $"{example}: {string.Join(' ', result.Errors)}");
            }
        );
        // A group's examples are those of its commands.
        Assert.All(examples, example => Assert.StartsWith(path, example, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("larder", true)]
    [InlineData("larder pull", false)]
    public void Help_TheRootAlone_TellsTheExitCodes(string path, bool isTold) =>
        Assert.Equal(isTold, HelpOf(path).Contains("  130  cancelled"));

    private static string[] HelpOf(string path)
    {
        using var output = new StringWriter();

        var code = CommandLines
            .Parse($"{path} --help")
            .Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });

        Assert.Equal(0, code);
        return output.ToString().ReplaceLineEndings("\n").Split('\n');
    }

    private static IEnumerable<string> PathsOf(Command command, string path) =>
        command.Subcommands.SelectMany(subcommand => PathsOf(subcommand, $"{path} {subcommand.Name}")).Prepend(path);
}

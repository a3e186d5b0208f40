using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Larder.Cli.Tests.Documents;

/// <summary>Lines as people type them into a shell.</summary>
internal static partial class CommandLines
{
    /// <summary>Parses a line that begins with the command's name, without what the shell takes for itself.</summary>
    public static ParseResult Parse(string line) =>
        LarderCommand
            .Build(new GlobalOptions())
            .Parse([.. CommandLineParser.SplitCommandLine(End().Split(line)[0].Replace('\'', '"')).Skip(1)]);

    // What stands behind it is another command, a file that it writes to, or a remark.
    [GeneratedRegex(@"\s[#|>]|\s&&?|\s2>|;|\)$", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex End();
}

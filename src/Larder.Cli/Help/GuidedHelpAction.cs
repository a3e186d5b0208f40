using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Larder.Cli.Help;

/// <summary><c>--help</c>: what the library writes of a command, then examples, and what its exit codes say.</summary>
internal sealed class GuidedHelpAction : SynchronousCommandLineAction
{
    // Who asks for help may have the rest of the line wrong.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        new HelpAction().Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (CommandGuides.Of(parseResult.CommandResult) is { } guide)
        {
            output.WriteLine("Examples:");
            foreach (var example in guide.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        if (parseResult.CommandResult.Parent is null)
            WriteExitCodes(output);
        return ExitCode.Done;
    }

    private static void WriteExitCodes(TextWriter output)
    {
        output.WriteLine("Exit codes:");
        output.WriteLine($"  {ExitCode.Done, -3}  done");
        output.WriteLine($"  {ExitCode.Failed, -3}  the work failed");
        output.WriteLine($"  {ExitCode.WrongUsage, -3}  wrong usage: the command line, a reference, the configuration");
        output.WriteLine($"  {ExitCode.NotFound, -3}  not found at the origin, or not in the store");
        output.WriteLine($"  {ExitCode.VerificationFailed, -3}  the bytes are not those that were promised");
        output.WriteLine($"  {ExitCode.Cancelled, -3}  cancelled");
        output.WriteLine();
    }
}

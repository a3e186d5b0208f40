using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Larder.Cli.Output;

namespace Larder.Cli;

/// <summary><c>larder --version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        Terminal.Answer(version!.InformationalVersion);
        return ExitCode.Done;
    }
}

using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Larder.Cli.Output;

namespace Larder.Cli;

/// <summary><c>larder --version</c>.</summary>
internal sealed class VersionAction(Option<bool> json) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
        if (parseResult.GetValue(json))
            Terminal.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("version", version);
                writer.WriteEndObject();
            });
        else
            Terminal.Answer(version);
        return ExitCode.Done;
    }
}

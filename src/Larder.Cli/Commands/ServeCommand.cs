using System.CommandLine;
using Larder.Cli.Output;
using Larder.Server;
using Microsoft.Extensions.Hosting;

namespace Larder.Cli.Commands;

/// <summary><c>larder serve</c>: the server.</summary>
internal static class ServeCommand
{
    public static Command Create(GlobalOptions options)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen; this machine only",
            HelpName = "URL",
            DefaultValueFactory = _ => LarderServer.DefaultUrl,
        };
        return new Command("serve", "Answer predictions over HTTP") { urls }.Runs(
            options,
            (context, cancellationToken) => RunAsync(context, context.Result.GetRequiredValue(urls), cancellationToken)
        );
    }

    private static async Task<int> RunAsync(CommandContext context, string urls, CancellationToken cancellationToken)
    {
        await using var app = LarderServer.Build(context.Configuration, urls);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException inUse)
        {
            throw new ListenException(urls, inUse);
        }
        foreach (var address in app.Urls)
            Terminal.Message($"Larder serves {context.Configuration.Models.Count} models at {address} from the store '{context.Configuration.Store.StorePath}'.");
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }
}

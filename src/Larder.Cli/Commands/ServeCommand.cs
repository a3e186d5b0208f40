using System.CommandLine;
using Larder.Cli.Output;
using Larder.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Cli.Commands;

/// <summary><c>larder serve</c>: the server.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(GlobalOptions options)
    {
        var urls = new Option<string?>("--urls")
        {
            Description =
                $"Where to listen, several with ';'; without access tokens this machine only [default: server.urls, else {LarderServer.DefaultUrl}]",
            HelpName = "URL",
        };
        return new Command(Name, "Answer predictions over HTTP") { urls }.Runs(
            options,
            (context, cancellationToken) => RunAsync(context, context.Result.GetValue(urls), cancellationToken)
        );
    }

    private static async Task<int> RunAsync(CommandContext context, string? urls, CancellationToken cancellationToken)
    {
        await using var app = LarderServer.Build(context.Configuration, urls, logging => Limit(logging, context));
        await app.ListenAsync(urls ?? context.Configuration.Server.Urls ?? LarderServer.DefaultUrl, cancellationToken);
        foreach (var address in context.Quiet ? [] : app.Urls)
            Terminal.Message(
                $"Larder serves {context.Configuration.Models.Count} models at {address} from the store '{context.Configuration.Store.StorePath}'."
            );
        if (!context.Quiet)
            app.Lifetime.ApplicationStopping.Register(() =>
                Terminal.Message("Larder stops when it has answered what it was asked.")
            );
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static void Limit(ILoggingBuilder logging, CommandContext context)
    {
        if (context.Quiet)
            logging.SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft", LogLevel.Error);
        else if (context.Verbose)
            logging.SetMinimumLevel(LogLevel.Debug);
    }
}

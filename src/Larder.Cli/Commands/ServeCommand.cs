using System.CommandLine;
using Larder.Cli.Output;
using Larder.Server;
using Larder.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
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
        var logs = new Option<string?>("--log-format")
        {
            Description =
                "How the log is written: text, for people, or json, one object on each line [default: server.logs, else text]",
            HelpName = "FORMAT",
        };
        logs.AcceptOnlyFromAmong("text", "json");
        return new Command(Name, "Answer predictions over HTTP") { urls, logs }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(context, context.Result.GetValue(urls), context.Result.GetValue(logs), cancellationToken)
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string? urls,
        string? logs,
        CancellationToken cancellationToken
    )
    {
        var configuration = context.Configuration;
        if (logs is not null)
            configuration = configuration with { Logs = Enum.Parse<LogFormat>(logs, ignoreCase: true) };
        await using var app = LarderServer.Build(configuration, urls, logging => Limit(logging, context));
        await app.ListenAsync(urls ?? configuration.Server.Urls ?? LarderServer.DefaultUrl, cancellationToken);
        if (configuration.Logs is LogFormat.Json)
            LogServing(app, configuration);
        else if (!context.Quiet)
            TellServing(app, configuration);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static void TellServing(WebApplication app, LarderConfiguration configuration)
    {
        foreach (var address in app.Urls)
            Terminal.Message(
                $"Larder serves {configuration.Models.Count} models at {address} from the store '{configuration.Store.StorePath}'."
            );
        app.Lifetime.ApplicationStopping.Register(() =>
            Terminal.Message("Larder stops when it has answered what it was asked.")
        );
    }

    private static void LogServing(WebApplication app, LarderConfiguration configuration)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServeCommand));
        foreach (var address in app.Urls)
            logger.Serving(configuration.Models.Count, address, configuration.Store.StorePath);
        app.Lifetime.ApplicationStopping.Register(logger.Stopping);
    }

    private static void Limit(ILoggingBuilder logging, CommandContext context)
    {
        if (context.Quiet)
            logging.SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft", LogLevel.Error);
        else if (context.Verbose)
            logging.SetMinimumLevel(LogLevel.Debug);
    }
}

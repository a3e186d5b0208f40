using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Cli.Warming;

namespace Larder.Cli.Commands;

/// <summary><c>larder warm [FILE]</c>: fetches a list of models before anybody asks for them, or has a server load them.</summary>
internal static class WarmCommand
{
    public static Command Create(GlobalOptions options)
    {
        var file = new Argument<string?>("FILE")
        {
            Description =
                "A list of ids of the configuration and of references, one a line or as a JSON array; - for standard input [default: every model of the configuration]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var server = new Option<string?>("--server")
        {
            Description = "Have this server fetch and load them, with the token in LARDER_TOKEN",
            HelpName = "URL",
        };
        var filesOnly = new Option<bool>("--files-only")
        {
            Description = "With --server: fetch their files and load nothing",
        };
        return new Command("warm", "Fetch models before anybody asks for them, or have a server load them")
        {
            file,
            server,
            filesOnly,
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetValue(file),
                    context.Result.GetValue(server),
                    context.Result.GetValue(filesOnly),
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string? file,
        string? server,
        bool filesOnly,
        CancellationToken cancellationToken
    )
    {
        var models = file is null
            ? WarmList.Of(context.Configuration)
            : await WarmList.ReadAsync(file, context.Configuration, server is not null, cancellationToken);
        if (models.Count == 0)
            throw new UsageException("There is nothing to warm: name a list, or have models in the configuration.");
        await using IWarmer warmer = server is null
            ? new StoreWarmer(context)
            : new ServerWarmer(server, Environment.GetEnvironmentVariable("LARDER_TOKEN"), filesOnly);
        var results = new List<WarmResult>();
        try
        {
            foreach (var model in models)
            {
                var result = await WarmAsync(warmer, model, cancellationToken);
                results.Add(result);
                if (!context.Json)
                    Tell(context, result, results.Count, models.Count);
            }
        }
        catch (OperationCanceledException)
        {
            if (!context.Quiet)
                Terminal.Message(
                    $"{results.Count} of {models.Count} models are done; the same command goes on where this one ended."
                );
            throw;
        }
        if (context.Json)
            WriteJson(results);
        return ExitCodeOf(results);
    }

    /// <summary>One that fails does not keep the others from theirs.</summary>
    private static async Task<WarmResult> WarmAsync(
        IWarmer warmer,
        WantedModel model,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await warmer.WarmAsync(model, cancellationToken);
        }
        catch (LarderException failure)
        {
            return new WarmResult(model.Name) { Error = failure.Message, ExitCode = FailureReport.CodeOf(failure) };
        }
    }

    private static void Tell(CommandContext context, WarmResult result, int number, int count)
    {
        if (result.Error is { } error)
            Terminal.Message($"larder: {result.Name}: {error}");
        else if (!context.Quiet)
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[{number}/{count}] {result.Name}: {result.State}, files {result.Files}{Fetched(result)}, {Sizes.Time(result.Duration)}, version {result.Version?[..12]}"
                )
            );
    }

    private static string Fetched(WarmResult result) =>
        result.BytesFetched is > 0 and var bytes ? $" ({Sizes.Bytes(bytes)} fetched)" : "";

    private static void WriteJson(List<WarmResult> results) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            results.ForEach(result => result.Write(json));
            json.WriteEndArray();
            json.WriteNumber("warmed", results.Count(result => result.Error is null));
            json.WriteNumber("failed", results.Count(result => result.Error is not null));
            json.WriteNumber("bytes_fetched", results.Sum(result => result.BytesFetched ?? 0));
            json.WriteNumber("seconds", Math.Round(results.Sum(result => result.Duration.TotalSeconds), 6));
            json.WriteEndObject();
        });

    // The code of the failures where all are alike.
    private static int ExitCodeOf(List<WarmResult> results)
    {
        var codes = results
            .Where(result => result.Error is not null)
            .Select(result => result.ExitCode)
            .Distinct()
            .ToList();
        return codes.Count switch
        {
            0 => ExitCode.Done,
            1 => codes[0],
            _ => ExitCode.Failed,
        };
    }
}

using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.HuggingFace.Export;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli.Commands;

/// <summary><c>larder export REF --hf-cache DIR</c>: puts a model where the Hub's own clients look for it.</summary>
internal static class ExportCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string>("REF") { Description = "A model reference; it is pulled if need be" };
        var directory = new Option<string>("--hf-cache")
        {
            Description = "The cache of the Hub's clients, such as ~/.cache/huggingface/hub; made if it is missing",
            HelpName = "DIR",
            Required = true,
        };
        var repository = new Option<string?>("--repo")
        {
            Description =
                "The repository to find it under [default: the one it came from; for other origins larder/<last part of REF>]",
            HelpName = "ORG/NAME",
        };
        var offline = new Option<bool>("--offline") { Description = "No network: what is stored, or exit code 3" };
        return new Command("export", "Put a model into the cache of the Hugging Face Hub's own clients")
        {
            reference,
            directory,
            repository,
            offline,
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetRequiredValue(reference),
                    context.Result.GetRequiredValue(directory),
                    context.Result.GetValue(repository),
                    context.Result.GetValue(offline) || context.Configuration.Offline,
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string text,
        string directory,
        string? repository,
        bool offline,
        CancellationToken cancellationToken
    )
    {
        var reference = References.Parse(text);
        if (repository is not null && !HubCache.IsRepository(repository))
            throw new UsageException(
                $"--repo '{repository}' is not the name of a repository. Write ORG/NAME, of letters, digits, '.', '_' and '-'."
            );
        if (string.IsNullOrWhiteSpace(directory))
            throw new UsageException("--hf-cache names no directory.");
        using var cache = context.OpenCache();
        using var snapshot = await PullAsync(
            context,
            cache,
            reference,
            new PullOptions { Offline = offline },
            cancellationToken
        );
        var export = await ExportAsync(context, cache, snapshot, directory, repository, cancellationToken);
        if (context.Json)
            WriteJson(snapshot, export);
        else
            WriteText(context, snapshot, export);
        await cache.FlushAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<Snapshot> PullAsync(
        CommandContext context,
        ModelCache cache,
        ModelReference reference,
        PullOptions pull,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = context.Quiet ? null : new TransferDisplay(reference.Text);
        return await cache.PullAsync(reference, pull with { Progress = display }, cancellationToken);
    }

    private static async Task<HubExport> ExportAsync(
        CommandContext context,
        ModelCache cache,
        Snapshot snapshot,
        string directory,
        string? repository,
        CancellationToken cancellationToken
    )
    {
        await using var display = context.Quiet ? null : new WorkDisplay(directory);
        return new HubCache(directory) { Progress = display }.Export(cache, snapshot, repository, cancellationToken);
    }

    private static void WriteText(CommandContext context, Snapshot snapshot, HubExport export)
    {
        if (!context.Quiet)
        {
            var copied = export.CopiedBytes == 0 ? "none of it copied" : $"{Sizes.Bytes(export.CopiedBytes)} copied";
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{snapshot.Reference}: {export.Files} files, {Sizes.Bytes(export.SizeBytes)}, {copied}; found as '{export.Repository}' at '{export.Revision ?? export.Commit}'"
                )
            );
        }
        Terminal.Answer(export.Path);
    }

    private static void WriteJson(Snapshot snapshot, HubExport export) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("reference", snapshot.Reference.Text);
            json.WriteString("digest", snapshot.Digest.ToString());
            json.WriteString("path", export.Path);
            json.WriteString("repository", export.Repository);
            json.WriteString("revision", export.Revision);
            json.WriteString("commit", export.Commit);
            json.WriteNumber("files", export.Files);
            json.WriteNumber("bytes", export.SizeBytes);
            json.WriteNumber("bytes_copied", export.CopiedBytes);
            json.WriteEndObject();
        });
}

using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Sharing.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder shared prune</c>: removes old entries of the team's store, and what no entry needs.</summary>
internal static class SharedPruneCommand
{
    public static Command Create(GlobalOptions options)
    {
        var olderThan = new Option<string?>("--older-than")
        {
            Description = "Remove entries that were published longer ago: 30d, 12h",
            HelpName = "TIME",
        };
        var to = new Option<string?>("--to")
        {
            Description = "Remove the oldest entries until the others need no more than this: 200 GB, 0",
            HelpName = "SIZE",
        };
        var grace = new Option<string?>("--grace")
        {
            Description = "How long files are left that no entry needs: somebody may be publishing one [default: 1 h]",
            HelpName = "TIME",
        };
        var only = SharedCommand.Namespace();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return new Command(
            "prune",
            "Remove old entries of the shared store, for all who share it, and what no entry needs"
        )
        {
            olderThan,
            to,
            grace,
            only,
            dryRun,
            yes,
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    new SharedPruneOptions
                    {
                        OlderThan = Amounts.Time(context.Result.GetValue(olderThan)),
                        ToBytes = Amounts.Size(context.Result.GetValue(to)),
                        GracePeriod =
                            Amounts.Time(context.Result.GetValue(grace)) ?? new SharedPruneOptions().GracePeriod,
                        Namespace = SharedCommand.NamespaceOf(context, only),
                        DryRun = context.Result.GetValue(dryRun),
                    },
                    context.Result.GetValue(yes),
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        SharedPruneOptions prune,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        if (!yes && !prune.DryRun && !await IsConfirmedAsync(context, prune, cancellationToken))
        {
            Terminal.Message("Nothing was removed.");
            return ExitCode.Failed;
        }
        var result = await PruneAsync(context, prune, cancellationToken);
        if (context.Json)
            WriteJson(result);
        else
            WriteText(context, result);
        return ExitCode.Done;
    }

    private static async Task<bool> IsConfirmedAsync(
        CommandContext context,
        SharedPruneOptions prune,
        CancellationToken cancellationToken
    )
    {
        // A script that may remove says --yes; without a person to ask, silence is no consent.
        if (Console.IsInputRedirected)
            throw new UsageException("There is no terminal to ask on: say --yes to remove without a question.");
        var would = await PruneAsync(context, prune with { DryRun = true }, cancellationToken);
        Console.Error.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Remove {would.Entries.Count} entries and {would.Blobs} blobs ({Sizes.Bytes(would.FreedBytes)}) from '{SharedCommand.Store(context).Location}', for all who share it? [y/N] "
            )
        );
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task<SharedPruneResult> PruneAsync(
        CommandContext context,
        SharedPruneOptions prune,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: it clears its line.
        await using var display = SharedCommand.Display(context);
        return await SharedCommand.Open(context, display).PruneAsync(prune, cancellationToken);
    }

    private static void WriteText(CommandContext context, SharedPruneResult result)
    {
        if (!context.Quiet)
        {
            foreach (var entry in result.Entries)
                Terminal.Message(
                    $"{(result.IsDryRun ? "Would remove" : "Removed")} {entry.Namespace} {entry.Kind} {entry.Key.ToString()[..12]}, of {entry.Reference ?? "a document that cannot be read"}"
                );
        }
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(result.IsDryRun ? "Would remove" : "Removed")} {result.Entries.Count} entries, {result.Manifests} manifests and {result.Blobs} blobs, {(result.IsDryRun ? "and free" : "freed")} {Sizes.Bytes(result.FreedBytes)}."
            )
        );
        if (result.Kept > 0)
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Kept} entries stay: somebody has written them again meanwhile."
                )
            );
    }

    private static void WriteJson(SharedPruneResult result) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("removed_entries", result.Entries.Count);
            json.WriteNumber("removed_manifests", result.Manifests);
            json.WriteNumber("removed_blobs", result.Blobs);
            json.WriteNumber("freed_bytes", result.FreedBytes);
            json.WriteNumber("kept", result.Kept);
            json.WriteBoolean("dry_run", result.IsDryRun);
            SharedListCommand.WriteEntries(json, result.Entries);
            json.WriteEndObject();
        });
}

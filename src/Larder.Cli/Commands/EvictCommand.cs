using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;

namespace Larder.Cli.Commands;

/// <summary><c>larder evict</c>: makes room by the policy, or removes what was not used for long.</summary>
internal static class EvictCommand
{
    public static Command Create(GlobalOptions options)
    {
        var to = new Option<string?>("--to")
        {
            Description = "Remove what is worth least until the store holds no more than this: 20 GB, 500 MiB, 0",
            HelpName = "SIZE",
        };
        var olderThan = new Option<string?>("--older-than")
        {
            Description = "Remove what was not used for so long: 30d, 12h",
            HelpName = "TIME",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing" };
        return new Command("evict", "Remove what is worth least, to make room; what is in use or pinned stays")
        {
            to,
            olderThan,
            dryRun,
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    new EvictOptions
                    {
                        ToBytes = Amounts.Size(context.Result.GetValue(to)),
                        OlderThan = Amounts.Time(context.Result.GetValue(olderThan)),
                        DryRun = context.Result.GetValue(dryRun),
                    },
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        EvictOptions evict,
        CancellationToken cancellationToken
    )
    {
        if (evict is { ToBytes: null, OlderThan: null })
            throw new UsageException(
                "Say how small the store shall be, --to SIZE, or how old what goes, --older-than TIME."
            );
        using var cache = context.OpenCache();
        var result = await EvictAsync(context, cache, evict, cancellationToken);
        if (context.Json)
            WriteJson(result, evict.DryRun);
        else
            WriteText(context, result, evict.DryRun);
        // Asked for a size that could not be reached, because the rest is held.
        return evict.ToBytes is { } most && result.HeldBytes > most ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<EvictResult> EvictAsync(
        CommandContext context,
        ModelCache cache,
        EvictOptions evict,
        CancellationToken cancellationToken
    )
    {
        await using var display = context.Quiet ? null : new WorkDisplay(cache.StorePath);
        return await cache.EvictAsync(evict, cancellationToken);
    }

    private static void WriteText(CommandContext context, EvictResult result, bool dryRun)
    {
        if (!context.Quiet)
        {
            foreach (var reference in result.Removed)
                Terminal.Message(dryRun ? $"Would remove {reference}" : $"Removed {reference}");
            foreach (var reference in result.Kept)
                Terminal.Message($"Kept {reference}: it is in use or pinned");
        }
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(dryRun ? "Would remove" : "Removed")} {result.Removed.Count} entries and {(dryRun ? "free" : "freed")} {Sizes.Bytes(result.FreedBytes)}; the store {(dryRun ? "would then hold" : "holds")} {Sizes.Bytes(result.HeldBytes)}."
            )
        );
    }

    private static void WriteJson(EvictResult result, bool dryRun) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("removed_entries", result.Removed.Count);
            json.WriteNumber("freed_bytes", result.FreedBytes);
            json.WriteNumber("bytes", result.HeldBytes);
            json.WriteBoolean("dry_run", dryRun);
            WriteList(json, "removed", result.Removed);
            WriteList(json, "kept", result.Kept);
            json.WriteEndObject();
        });

    private static void WriteList(System.Text.Json.Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}

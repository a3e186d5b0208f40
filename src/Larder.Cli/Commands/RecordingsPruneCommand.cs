using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Recordings.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder recordings prune</c>: removes what no test needs any more.</summary>
internal static class RecordingsPruneCommand
{
    public static Command Create(GlobalOptions options)
    {
        var directory = RecordingsCommand.Directory();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return new Command(
            "prune",
            "Remove recordings that the last run of all tests did not use, and attachments that no recording names"
        )
        {
            directory,
            dryRun,
            yes,
        }.Runs(
            options,
            (context, cancellationToken) =>
                Task.FromResult(
                    Run(
                        context,
                        RecordingsCommand.Open(context, directory),
                        context.Result.GetValue(dryRun),
                        context.Result.GetValue(yes),
                        cancellationToken
                    )
                )
        );
    }

    private static int Run(
        CommandContext context,
        RecordingsAdmin admin,
        bool dryRun,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        if (!yes && !dryRun && !IsConfirmed(admin, cancellationToken))
        {
            Terminal.Message("Nothing was removed.");
            return ExitCode.Failed;
        }
        var result = admin.Prune(new RecordingsPruneOptions { DryRun = dryRun }, cancellationToken);
        if (context.Json)
            WriteJson(result);
        else
            WriteText(context, result);
        return ExitCode.Done;
    }

    private static bool IsConfirmed(RecordingsAdmin admin, CancellationToken cancellationToken)
    {
        // A script that may remove says --yes; without a person to ask, silence is no consent.
        if (Console.IsInputRedirected)
            throw new UsageException("There is no terminal to ask on: say --yes to remove without a question.");
        var would = admin.Prune(new RecordingsPruneOptions { DryRun = true }, cancellationToken);
        if (would.Files.Count == 0)
            return true;
        Console.Error.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Remove {would.Recordings} recordings and {would.Files.Count - would.Recordings} other files ({Sizes.Bytes(would.FreedBytes)})? [y/N] "
            )
        );
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void WriteText(CommandContext context, RecordingsPruneResult result)
    {
        if (!context.Quiet)
        {
            foreach (var file in result.Files)
                Terminal.Message($"{(result.IsDryRun ? "Would remove" : "Removed")} {PlainText.Of(file)}");
        }
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(result.IsDryRun ? "Would remove" : "Removed")} {RecordingsCommand.Count(result.Recordings)} and {Others(result.Files.Count - result.Recordings)}, {(result.IsDryRun ? "and free" : "freed")} {Sizes.Bytes(result.FreedBytes)}."
            )
        );
    }

    private static void WriteJson(RecordingsPruneResult result) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("removed");
            foreach (var file in result.Files)
                json.WriteStringValue(file);
            json.WriteEndArray();
            json.WriteNumber("removed_recordings", result.Recordings);
            json.WriteNumber("freed_bytes", result.FreedBytes);
            json.WriteBoolean("dry_run", result.IsDryRun);
            json.WriteEndObject();
        });

    private static string Others(int count) =>
        count == 1 ? "1 other file" : string.Create(CultureInfo.InvariantCulture, $"{count} other files");
}

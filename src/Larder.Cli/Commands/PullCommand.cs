using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Targets;

namespace Larder.Cli.Commands;

/// <summary><c>larder pull REF</c>: makes the snapshot of a model available.</summary>
internal static class PullCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string?>("REF")
        {
            Description =
                "A model reference: hf://org/repo@revision, s3://bucket/prefix/, file:///dir/, https://host/model.onnx, or a path such as ./models/a",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var digest = new Option<string?>("--digest")
        {
            Description = "This version: the digest of its manifest; of a stored one 12 digits or more will do",
            HelpName = "D",
        };
        var offline = new Option<bool>("--offline") { Description = "No network: what is stored, or exit code 3" };
        var refresh = new Option<bool>("--refresh") { Description = "Ask the origin even if what is stored is fresh" };
        var pin = new Option<bool>("--pin")
        {
            Description =
                "Pin it as well: a path that a script goes on with is in nobody's use once this command has ended",
        };
        var selections = new Selections();
        var targets = new Targets();
        var command = new Command("pull", "Make the files of a model available as a directory, and print its path")
        {
            reference,
            digest,
            offline,
            refresh,
            pin,
        };
        selections.AddTo(command);
        targets.AddTo(command, reference);
        return command.Runs(
            options,
            (context, cancellationToken) =>
            {
                var (wanted, target) = targets.Read(context.Result, context.Result.GetValue(reference));
                return RunAsync(
                    context,
                    wanted,
                    selections.Read(context.Result) with
                    {
                        Offline = context.Result.GetValue(offline) || context.Configuration.Offline,
                        Refresh = context.Result.GetValue(refresh),
                        Adopt = target,
                    },
                    context.Result.GetValue(digest),
                    context.Result.GetValue(pin),
                    cancellationToken
                );
            }
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        ModelReference reference,
        PullOptions pull,
        string? digest,
        bool pin,
        CancellationToken cancellationToken
    )
    {
        // Before anything is fetched for it.
        pull.Adopt?.ThrowIfUnusable();
        using var cache = context.OpenCache();
        if (digest is not null)
            pull = pull with { Digest = VersionNames.Parse(cache, reference, digest) };
        using var snapshot = await PullAsync(context, cache, reference, pull, cancellationToken);
        if (pin)
            await cache.PinAsync(snapshot, cancellationToken);
        var laidOut = pull.Adopt is { } target ? await target.LayOutAsync(snapshot, cancellationToken) : null;
        if (context.Json)
            WriteJson(snapshot, laidOut);
        else
            WriteText(context, snapshot, laidOut);
        // After the answer: what was fetched is for the team too.
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

    private static void WriteText(CommandContext context, Snapshot snapshot, LayOutResult? laidOut)
    {
        if (!context.Quiet)
        {
            var how = snapshot.Outcome switch
            {
                PullOutcome.Hit => "already stored",
                PullOutcome.Revalidated => "already stored, the origin has nothing newer",
                PullOutcome.Stale => "already stored; its origin does not answer",
                PullOutcome.Shared => $"fetched {Sizes.Bytes(snapshot.BytesFromShared)} from the shared store",
                _ =>
                    $"fetched {snapshot.FilesFetched} of {snapshot.Manifest.Files.Count} files, {Sizes.Bytes(snapshot.BytesFetched)}",
            };
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{snapshot.Reference}: {how}; {Sizes.Bytes(snapshot.Manifest.SizeBytes)} in {Sizes.Time(snapshot.Duration)}, version {snapshot.Digest.ToString()[..12]}"
                )
            );
            if (laidOut is not null)
                Terminal.Message(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{laidOut.Path}: {laidOut.FilesWritten} files written, {laidOut.FilesKept} were there already, {laidOut.FilesRemoved} of an earlier version removed"
                    )
                );
        }
        Terminal.Answer(snapshot.Path);
    }

    private static void WriteJson(Snapshot snapshot, LayOutResult? laidOut) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("reference", snapshot.Reference.Text);
            json.WriteString("digest", snapshot.Digest.ToString());
            json.WriteString("path", snapshot.Path);
            json.WriteNumber("files", snapshot.Manifest.Files.Count);
            json.WriteNumber("bytes", snapshot.Manifest.SizeBytes);
            json.WriteNumber("bytes_fetched", snapshot.BytesFetched);
            json.WriteNumber("bytes_from_shared", snapshot.BytesFromShared);
            json.WriteNumber("files_fetched", snapshot.FilesFetched);
            json.WriteNumber("files_reused", snapshot.Manifest.Files.Count - snapshot.FilesFetched);
            json.WriteBoolean("from_cache", snapshot.FromCache);
            json.WriteString("outcome", snapshot.Outcome.ToString().ToLowerInvariant());
            json.WriteNumber("seconds", Math.Round(snapshot.Duration.TotalSeconds, 6));
            if (laidOut is not null)
            {
                json.WriteString("to", laidOut.Path);
                json.WriteNumber("to_files_written", laidOut.FilesWritten);
                json.WriteNumber("to_files_kept", laidOut.FilesKept);
                json.WriteNumber("to_files_removed", laidOut.FilesRemoved);
            }
            json.WriteEndObject();
        });
}

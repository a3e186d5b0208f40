using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli.Commands;

/// <summary><c>larder clear [REF]</c>: removes one model, or all; never what is in use or pinned.</summary>
internal static class ClearCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string?>("REF")
        {
            Description = "The reference that was pulled",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Remove every model" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var selections = new Selections();
        var command = new Command(
            "clear",
            "Remove a model from the store, or all of them; what is in use or pinned stays"
        )
        {
            reference,
            all,
            yes,
        };
        selections.AddTo(command);
        return command.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetValue(reference),
                    context.Result.GetValue(all),
                    selections.AreGiven(context.Result) ? selections.Read(context.Result) : null,
                    context.Result.GetValue(yes),
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string? text,
        bool all,
        PullOptions? selection,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        if (text is null != all)
            throw new UsageException("Name one model to clear, or say --all for every one, not both.");
        if (all && selection is not null)
            throw new UsageException(
                "--all removes every model: --include, --exclude and --unpack choose among the entries of one that is named."
            );
        var reference = text is null ? null : References.Parse(text);
        using var cache = context.OpenCache();
        var models = reference is null ? cache.List() : cache.FindAll(reference, selection);
        if (reference is not null && models.Count == 0)
            throw Selections.NotStored(cache, reference);
        if (!yes && !IsConfirmed(cache, reference, models))
        {
            Terminal.Message("Nothing was removed.");
            return ExitCode.Failed;
        }

        var result = await ClearAsync(context, cache, reference, selection, cancellationToken);
        if (context.Json)
            WriteJson(result);
        else
            WriteText(result);
        // Somebody asked for this one to go, and it is still there.
        return reference is not null && result.KeptInUse.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<ClearResult> ClearAsync(
        CommandContext context,
        ModelCache cache,
        ModelReference? reference,
        PullOptions? selection,
        CancellationToken cancellationToken
    )
    {
        await using var display = context.Quiet ? null : new WorkDisplay(cache.StorePath);
        return reference is not null && selection is not null
            ? await cache.ClearAsync(reference, selection, cancellationToken)
            : await cache.ClearAsync(reference, cancellationToken);
    }

    private static bool IsConfirmed(ModelCache cache, ModelReference? reference, IReadOnlyList<CachedModel> models)
    {
        // A script that may remove says --yes; without a person to ask, silence is no consent.
        if (Console.IsInputRedirected)
            throw new UsageException("There is no terminal to ask on: say --yes to remove without a question.");
        var size = Sizes.Bytes(models.Sum(model => model.SizeBytes));
        var what =
            reference is null ? string.Create(CultureInfo.InvariantCulture, $"all {models.Count} models")
            : models.Count == 1 ? $"'{reference}' ({size})"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"'{reference}' in its {models.Count} choices of files ({size})"
            );
        Console.Error.Write($"Remove {what} from '{cache.StorePath}'? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void WriteText(ClearResult result)
    {
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Removed {result.RemovedEntries} models, freed {Sizes.Bytes(result.FreedBytes)}."
            )
        );
        foreach (var reference in result.KeptInUse)
            Terminal.Message(
                $"'{reference}' stays: it is in use or pinned ('larder list' shows which). Unpin it with 'larder unpin', or clear it again when nobody uses it any more."
            );
    }

    private static void WriteJson(ClearResult result) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("removed_entries", result.RemovedEntries);
            json.WriteNumber("freed_bytes", result.FreedBytes);
            json.WriteStartArray("kept_in_use");
            foreach (var reference in result.KeptInUse)
                json.WriteStringValue(reference);
            json.WriteEndArray();
            json.WriteEndObject();
        });
}

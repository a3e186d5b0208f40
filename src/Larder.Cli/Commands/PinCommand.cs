using System.CommandLine;
using Larder.Cli.Output;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli.Commands;

/// <summary><c>larder pin REF</c> and <c>larder unpin REF</c>.</summary>
internal static class PinCommand
{
    public static Command CreatePin(GlobalOptions options) =>
        Create(
            options,
            "pin",
            "Keep a model until it is unpinned, whatever room it takes",
            async (cache, reference, selection, cancellationToken) =>
            {
                if (cache.Find(reference, selection) is null)
                    throw Selections.NotStored(cache, reference);
                await cache.PinAsync(reference, selection, cancellationToken);
                return true;
            }
        );

    public static Command CreateUnpin(GlobalOptions options) =>
        Create(
            options,
            "unpin",
            "Take a pin off: the model may be evicted again",
            (cache, reference, selection, _) => Task.FromResult(cache.Unpin(reference, selection))
        );

    private static Command Create(
        GlobalOptions options,
        string name,
        string description,
        Func<ModelCache, ModelReference, PullOptions, CancellationToken, Task<bool>> work
    )
    {
        var argument = new Argument<string>("REF") { Description = "The reference that was pulled" };
        var selections = new Selections();
        var command = new Command(name, description) { argument };
        selections.AddTo(command);
        return command.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var reference = References.Parse(context.Result.GetRequiredValue(argument));
                using var cache = context.OpenCache();
                var changed = await work(cache, reference, selections.Read(context.Result), cancellationToken);
                if (context.Json)
                    WriteJson(reference, pinned: name == "pin", changed);
                else if (!changed)
                    Terminal.Message($"'{reference}' was not pinned.");
                else if (!context.Quiet)
                    Terminal.Message($"'{reference}' is {(name == "pin" ? "pinned" : "no longer pinned")}.");
                return ExitCode.Done;
            }
        );
    }

    private static void WriteJson(ModelReference reference, bool pinned, bool changed) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("reference", reference.Text);
            json.WriteBoolean("pinned", pinned);
            json.WriteBoolean("changed", changed);
            json.WriteEndObject();
        });
}

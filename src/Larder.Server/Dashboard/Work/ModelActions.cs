using System.Globalization;
using Larder.Graphs;
using Larder.Passes.Reports;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Runtimes;
using Larder.Store.Scrub;
using Larder.Transfer;

namespace Larder.Server.Dashboard.Work;

/// <summary>What the page's buttons do with models and with what is stored, except to clear it.</summary>
internal sealed class ModelActions(ModelRuntimes runtimes, ModelCache files)
{
    public const string Warm = "warm";
    public const string Refresh = "refresh";
    public const string Pin = "pin";
    public const string Unpin = "unpin";
    public const string Verify = "verify";

    /// <summary>What a button does with a model; null for a word that is none.</summary>
    public Func<IProgress<TransferProgress>, CancellationToken, Task<string>>? Find(string verb, ServedModel model) =>
        verb switch
        {
            Warm => (_, token) => WarmAsync(model, token),
            Refresh => (_, token) => RefreshAsync(model, token),
            Pin => async (_, token) =>
            {
                await files.PinAsync(model.From, model.Pull, token);
                return Pinned;
            },
            Unpin => (_, _) => Task.FromResult(Unpinned(files.Unpin(model.From, model.Pull))),
            Verify => (progress, token) => VerifyAsync(Stored(model), progress, token),
            _ => null,
        };

    /// <summary>What a button does with an entry; null for a word that is none.</summary>
    public Func<IProgress<TransferProgress>, CancellationToken, Task<string>>? Find(string verb, CachedModel entry) =>
        verb switch
        {
            Pin => async (_, token) =>
            {
                await files.PinEntryAsync(entry, token);
                return Pinned;
            },
            Unpin => (_, _) => Task.FromResult(Unpinned(files.UnpinEntry(entry))),
            Verify => (progress, token) => VerifyAsync(entry, progress, token),
            _ => null,
        };

    /// <summary>Reads the whole store again.</summary>
    public async Task<string> VerifyAllAsync(
        IProgress<TransferProgress> progress,
        CancellationToken cancellationToken
    ) => Tell(await files.VerifyAsync(null, new VerifyOptions { Progress = progress }, cancellationToken));

    private const string Pinned = "It is kept until the pin is taken off.";

    private static string Unpinned(bool was) => was ? "The pin is off." : "It was not pinned.";

    private async Task<string> WarmAsync(ServedModel model, CancellationToken cancellationToken)
    {
        var warmth = (await runtimes.WarmAsync([model], cancellationToken))[0];
        return warmth switch
        {
            { Failure: { } failure } => throw failure,
            { Outcome: WarmOutcome.NoRoom } => throw new ActionFailedException(
                "Its files are stored. The graphs that are loaded leave it no room; raise graphs.max_graphs or graphs.max_bytes."
            ),
            { Outcome: WarmOutcome.AlreadyThere } => "It was loaded already.",
            _ => "It is loaded and ready.",
        };
    }

    private async Task<string> RefreshAsync(ServedModel model, CancellationToken cancellationToken)
    {
        // Who refreshes wants to know how it is now: what is stored may not stand in for that.
        var pull = model.Pull with
        {
            Refresh = true,
            StaleIfError = false,
        };
        using var snapshot = await files.PullAsync(model.From, pull, cancellationToken);
        var version = Wording.Short(snapshot.Digest.ToString());
        return snapshot.Outcome == PullOutcome.Revalidated
            ? $"The origin still has version {version}."
            : $"Version {version} was fetched, {Wording.Bytes(snapshot.BytesFetched)}. It is used from the next prediction on.";
    }

    private CachedModel Stored(ServedModel model) =>
        files.Find(model.From, model.Pull)
        ?? throw new ActionFailedException(
            $"'{model.Id}' is not stored, so there is nothing to verify. Warm it first."
        );

    private async Task<string> VerifyAsync(
        CachedModel entry,
        IProgress<TransferProgress> progress,
        CancellationToken cancellationToken
    ) => Tell(await files.VerifyEntryAsync(entry, progress, cancellationToken));

    private static string Tell(VerifyReport report)
    {
        var read = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Checked} files and documents were checked, {Wording.Bytes(report.BytesRead)} read"
        );
        return report.IsWhole
            ? $"{read}: all whole."
            : throw new ActionFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{read}: {report.Damaged} damaged or missing, {report.Quarantined} moved to the quarantine, {report.Unreadable} unreadable. The next pull fetches what is missing; 'larder verify --repair' does it now."
                )
            );
    }
}

using System.Globalization;
using Larder.Passes.Reports;
using Larder.Server.Configuration;
using Larder.Server.Models;
using Larder.Server.Runtimes;
using Larder.Store.Scrub;
using Larder.Transfer;

namespace Larder.Server.Dashboard.Work;

/// <summary>What the page's buttons do with models and with what is stored, except to clear it.</summary>
internal sealed class ModelActions(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelRenewals renewals,
    ModelCache files
)
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
        var load = await runtimes.WarmAsync(model, cancellationToken);
        return load.GraphFromCache
            ? "It was loaded already."
            : $"Version {Wording.Short(load.Version.ToString())} is loaded, in {Wording.Seconds((load.FilesTime + load.LoadTime).TotalSeconds)}.";
    }

    private async Task<string> RefreshAsync(ServedModel model, CancellationToken cancellationToken)
    {
        var standing =
            catalog.Find(model.Id)
            ?? throw new ActionFailedException($"'{model.Id}' is not served any more: the configuration was changed.");
        var renewal = await renewals.RenewAsync(standing, always: true, cancellationToken);
        var version = Wording.Short(renewal.Version.Version.ToString());
        return renewal.Before is null
            ? $"The origin has version {version}, which answers."
            : $"The origin has a new version, {version}, which answers now.";
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

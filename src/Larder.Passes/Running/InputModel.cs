using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Transfer;

namespace Larder.Passes.Running;

/// <summary>The model that a workflow begins with: known by its version, and pulled only when its files are needed.</summary>
internal sealed class InputModel(
    ModelCache cache,
    WorkflowInput input,
    PullOptions options,
    ModelIdentity identity,
    Action<WorkflowProgress> report
) : IDisposable
{
    private HeldFiles? _files;

    public string Reference => input.Reference.Text;

    public ModelIdentity Identity => identity;

    /// <summary>Its manifest; null while nobody here has seen its bytes.</summary>
    public Digest? Manifest => _files?.Manifest.Digest ?? identity.Manifest;

    /// <summary>Bytes of its files; null where nothing here tells them.</summary>
    public long? SizeBytes =>
        _files?.Manifest.SizeBytes ?? (Manifest is { } manifest ? cache.FindManifest(manifest)?.SizeBytes : null);

    public long BytesFetched { get; private set; }

    public static PullOptions OptionsOf(WorkflowInput input, RunOptions options) =>
        options.Pull with
        {
            Include = input.Include,
            Exclude = input.Exclude,
            Digest = input.Digest,
        };

    /// <summary>Its files, held until this is disposed.</summary>
    /// <exception cref="InputMovedException">They are of another version than the keys.</exception>
    public async Task<HeldFiles> HoldAsync(CancellationToken cancellationToken)
    {
        if (_files is not null)
            return _files;
        report(new WorkflowProgress(WorkflowStage.Pulling));
        var snapshot = await PullAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            BytesFetched += snapshot.BytesFetched;
            if (identity.Manifest is null)
                await ThrowIfMovedAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
        return _files = new HeldFiles(snapshot.Path, snapshot.Manifest, snapshot);
    }

    public void Dispose() => _files?.Dispose();

    private async Task ThrowIfMovedAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        // Of what the store has now: this asks nobody.
        var now = await cache
            .ResolveAsync(input.Reference, options with { Offline = true }, cancellationToken)
            .ConfigureAwait(false);
        if (!JsonNode.DeepEquals(now.Request, identity.Request) || (now.Manifest ?? snapshot.Digest) != snapshot.Digest)
            throw new InputMovedException(now);
    }

    private async Task<Snapshot> PullAsync(CancellationToken cancellationToken)
    {
        try
        {
            // By its digest where that is known: what the store has may be fresh enough for a pull, and yet not what the keys
            // say, because a directory is looked at each time.
            var wanted = options with
            {
                Digest = identity.Manifest,
            };
            return await cache.PullAsync(input.Reference, wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (LarderException changed)
            when (changed is OriginException { Failure: OriginFailure.Changed }
                || (changed is IntegrityException && input.Digest is null)
            )
        {
            var now = await cache
                .ResolveAsync(input.Reference, options with { Refresh = true }, cancellationToken)
                .ConfigureAwait(false);
            // The same version, and wrong bytes of it: to begin again would find them again.
            if (changed is IntegrityException && now.Manifest == identity.Manifest)
                throw;
            throw new InputMovedException(now);
        }
    }
}

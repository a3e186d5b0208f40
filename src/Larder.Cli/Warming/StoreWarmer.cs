using Larder.Cli.Output;

namespace Larder.Cli.Warming;

/// <summary>Pulls models into the store; what breaks off is gone on with by the next run.</summary>
internal sealed class StoreWarmer(CommandContext context) : IWarmer
{
    private readonly ModelCache _cache = context.OpenCache();

    public async Task<WarmResult> WarmAsync(WantedModel model, CancellationToken cancellationToken)
    {
        await using var display = context.Quiet ? null : new TransferDisplay(model.Name);
        using var snapshot = await _cache.PullAsync(
            model.Reference!,
            model.Pull with
            {
                Progress = display,
            },
            cancellationToken
        );
        return new WarmResult(model.Name)
        {
            State = "stored",
            Version = snapshot.Digest.ToString(),
            Files = snapshot.Outcome.ToString().ToLowerInvariant(),
            FromCache = snapshot.FromCache,
            Bytes = snapshot.Manifest.SizeBytes,
            BytesFetched = snapshot.BytesFetched,
            Duration = snapshot.Duration,
        };
    }

    public async ValueTask DisposeAsync()
    {
        // What was fetched is for the team too.
        await _cache.FlushAsync();
        _cache.Dispose();
    }
}

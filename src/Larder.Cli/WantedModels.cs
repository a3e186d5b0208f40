using Larder.Baking;
using Larder.Cli.Output;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli;

/// <summary>Models that a command line names.</summary>
/// <param name="models">Each with how it is pulled, and the name that it was given.</param>
internal sealed class WantedModels(IReadOnlyList<(ModelReference Reference, PullOptions Pull, string? Name)> models)
{
    /// <summary>The layout that goes without saying; null for none.</summary>
    public BakeLayout? Layout { get; init; }

    /// <summary>The directory that goes without saying; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>Pulls them all.</summary>
    public async Task<PulledModels> PullAsync(
        CommandContext context,
        ModelCache cache,
        CancellationToken cancellationToken
    )
    {
        var pulled = new PulledModels();
        try
        {
            foreach (var (reference, pull, name) in models)
            {
                var snapshot = await PullAsync(context, cache, reference, pull, cancellationToken);
                pulled.Add(snapshot, name);
            }
            return pulled;
        }
        catch
        {
            pulled.Dispose();
            throw;
        }
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
}

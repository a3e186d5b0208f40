using System.Text;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>Finds out, before anything is published, whether a store keeps the conditions that publishing rests on.</summary>
/// <remarks>
/// Servers that speak a protocol without its conditions take every write. Two publishers would then overwrite each other, and
/// nobody would notice: such a store is only read.
/// </remarks>
internal sealed class CapabilityProbe(PatientStore store, ILogger logger) : IDisposable
{
    private const int MostBytes = 16;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool? _isCapable;

    /// <summary>Whether the store may be written to; asked of it once, and again only when it did not answer.</summary>
    /// <exception cref="SharedStoreException">That cannot be told now.</exception>
    public async Task<bool> IsCapableAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isCapable is { } known)
                return known;
            var fault = await FaultAsync(cancellationToken).ConfigureAwait(false);
            if (fault is not null)
                logger.NotCapable(store.Location, fault);
            return (_isCapable = fault is null).Value;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        var name = $"{SharedNames.Probes}{Guid.NewGuid():N}";
        var left =
            await WriteAsync(name, "first", SharedCondition.Absent, cancellationToken).ConfigureAwait(false)
            ?? await ReadOwnAsync(name, "first", cancellationToken).ConfigureAwait(false);
        if (left is null)
            return "it says that there is an object of a name that nobody ever gave";
        try
        {
            var first = left;
            if (
                await WriteAsync(name, "second", SharedCondition.Absent, cancellationToken).ConfigureAwait(false) is
                { } second
            )
            {
                left = second;
                return "it writes over an object on the condition that there is none";
            }
            var replaced =
                await WriteAsync(name, "third", SharedCondition.Unchanged(first), cancellationToken)
                    .ConfigureAwait(false)
                ?? await ReadOwnAsync(name, "third", cancellationToken).ConfigureAwait(false);
            if (replaced is null)
                return "it does not replace an object that nobody has changed";
            left = replaced;
            if (
                await WriteAsync(name, "fourth", SharedCondition.Unchanged(first), cancellationToken)
                    .ConfigureAwait(false) is
                { } fourth
            )
            {
                left = fourth;
                return "it replaces an object that has changed since it was seen";
            }
            return null;
        }
        finally
        {
            await RemoveAsync(left, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<SharedObject?> WriteAsync(
        string name,
        string content,
        SharedCondition condition,
        CancellationToken cancellationToken
    ) =>
        store.AskAsync(
            SharedDirection.Write,
            (shared, token) => shared.TryWriteAsync(name, Encoding.ASCII.GetBytes(content), condition, token),
            cancellationToken
        );

    // A write that was repeated, because its answer was lost, finds its own: that is no fault of the store's conditions.
    private async Task<SharedObject?> ReadOwnAsync(string name, string content, CancellationToken cancellationToken)
    {
        var there = await store
            .AskAsync(
                SharedDirection.Write,
                (shared, token) => shared.TryReadAsync(name, MostBytes, token),
                cancellationToken
            )
            .ConfigureAwait(false);
        return there is not null && Encoding.ASCII.GetString(there.Content.Span) == content ? there.Seen : null;
    }

    private async Task RemoveAsync(SharedObject probe, CancellationToken cancellationToken)
    {
        try
        {
            await store
                .AskAsync(
                    SharedDirection.Remove,
                    (shared, token) => shared.TryDeleteAsync(probe, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SharedStoreException)
        {
            // Has been warned of. It lies there, small and of no meaning, until somebody prunes.
        }
    }
}

using System.Globalization;
using Larder.Origins;

namespace Larder.Transfer;

/// <summary>Reads the body of a file, or of a part of it, and says in a transfer's words how it broke off.</summary>
/// <param name="body">The bytes; they stay the caller's.</param>
/// <param name="reference">What is pulled.</param>
/// <param name="file">The file.</param>
/// <param name="idleTimeout">How long not a byte may come.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class BodyReader(
    Stream body,
    ModelReference reference,
    OriginFile file,
    TimeSpan idleTimeout,
    CancellationToken cancellationToken
) : IDisposable
{
    private readonly CancellationTokenSource _idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Reads what is there, at least one byte; 0 at the end.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Where in the file these bytes are, for messages.</param>
    /// <exception cref="OriginException">The origin broke off or stalled.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset)
    {
        _idle.CancelAfter(idleTimeout);
        try
        {
            return await body.ReadAsync(buffer, _idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException stalled) when (!cancellationToken.IsCancellationRequested)
        {
            throw Interrupted(
                offset,
                string.Create(CultureInfo.InvariantCulture, $"not a byte came for {idleTimeout.TotalSeconds} s"),
                stalled
            );
        }
        catch (IOException broken)
        {
            throw Interrupted(offset, broken.Message, broken);
        }
        finally
        {
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The failure of a body that ended too early.</summary>
    public OriginException Interrupted(long offset, string what, Exception? inner = null)
    {
        var of = file.SizeBytes is { } size ? string.Create(CultureInfo.InvariantCulture, $" of {size}") : "";
        return new OriginException(
            OriginFailure.Unavailable,
            reference.Text,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{file.Path}' of '{reference}' broke off after {offset}{of} bytes: {what.TrimEnd('.')}. Pull again."
            ),
            inner
        );
    }

    public void Dispose() => _idle.Dispose();
}

using System.Globalization;
using Larder.Origins;

namespace Larder.Transfer;

/// <summary>Reads the body of a file, or of a part of it, and says in a transfer's words how it broke off.</summary>
internal sealed class BodyReader : IAsyncDisposable
{
    /// <summary>Over so much time an origin must send as much as it must at least.</summary>
    private static readonly TimeSpan SlowWindow = TimeSpan.FromSeconds(30);

    private readonly Stream _body;
    private readonly ModelReference _reference;
    private readonly OriginFile _file;
    private readonly TransferContext _context;
    private readonly ConnectionRate? _rate;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationToken _cancellationToken;
    private TimeSpan _slowFor;
    private long _slowBytes;

    /// <summary>Begins to read.</summary>
    /// <param name="body">The bytes; closed with this.</param>
    /// <param name="reference">What is pulled.</param>
    /// <param name="file">The file.</param>
    /// <param name="context">The limits.</param>
    /// <param name="rate">Notes how fast it is; null where that is nobody's concern.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public BodyReader(
        Stream body,
        ModelReference reference,
        OriginFile file,
        TransferContext context,
        ConnectionRate? rate,
        CancellationToken cancellationToken
    )
    {
        _body = body;
        _reference = reference;
        _file = file;
        _context = context;
        _rate = rate;
        _rate?.Restart();
        _cancellationToken = cancellationToken;
        _idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Reads what is there, at least one byte; 0 at the end.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Where in the file these bytes are, for messages.</param>
    /// <exception cref="OriginException">The origin broke off, stalled or trickled.</exception>
    /// <exception cref="StragglerException">The other connections are far faster.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset)
    {
        var began = _context.Time.GetTimestamp();
        buffer = buffer[..Math.Min(buffer.Length, _context.Bandwidth.MostAtOnce)];
        var read = await ReadOnceAsync(buffer, offset).ConfigureAwait(false);
        var waited = _context.Time.GetElapsedTime(began);
        ThrowIfTrickling(read, waited, offset + read);
        // The end of a body is no reason to ask for it again.
        if (_rate?.Add(read, waited) is { } others && read > 0)
            throw new StragglerException(others);
        await _context.Bandwidth.TakeAsync(read, _cancellationToken).ConfigureAwait(false);
        return read;
    }

    /// <summary>The failure of a body that ended too early.</summary>
    public OriginException Interrupted(long offset, string what, Exception? inner = null)
    {
        var of = _file.SizeBytes is { } size ? string.Create(CultureInfo.InvariantCulture, $" of {size}") : "";
        return new OriginException(
            OriginFailure.Unavailable,
            _reference.Text,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{_file.Path}' of '{_reference}' broke off after {offset}{of} bytes: {what.TrimEnd('.')}. Pull again."
            ),
            inner
        );
    }

    public ValueTask DisposeAsync()
    {
        _idle.Dispose();
        return _body.DisposeAsync();
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, long offset)
    {
        var idleTimeout = _context.Settings.IdleTimeout;
        _idle.CancelAfter(idleTimeout);
        try
        {
            return await _body.ReadAsync(buffer, _idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException stalled) when (!_cancellationToken.IsCancellationRequested)
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

    private void ThrowIfTrickling(int read, TimeSpan waited, long offset)
    {
        _slowFor += waited;
        _slowBytes += read;
        if (_slowFor < SlowWindow || read == 0)
            return;
        var perSecond = _slowBytes / _slowFor.TotalSeconds;
        if (perSecond < _context.Settings.LeastBytesPerSecond)
            throw Interrupted(
                offset,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no more than {perSecond:0} bytes a second came for {_slowFor.TotalSeconds:0} s, and {_context.Settings.LeastBytesPerSecond} are the least"
                )
            );
        _slowFor = TimeSpan.Zero;
        _slowBytes = 0;
    }
}

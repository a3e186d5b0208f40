namespace Larder.Origins;

/// <summary>The bytes of one file of an origin, or of a part of it, read once from start to end.</summary>
/// <param name="body">The bytes.</param>
/// <param name="owner">Disposed with this stream, besides the body.</param>
/// <param name="mostBytes">How many of the body's bytes there are to read here.</param>
/// <param name="afterRead">Called after each reading; throws when the file turned out to have changed meanwhile.</param>
internal sealed class OriginStream(
    Stream body,
    IDisposable? owner = null,
    long mostBytes = long.MaxValue,
    Action? afterRead = null
) : Stream
{
    private long _leftBytes = mostBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_leftBytes == 0)
            return Note(0);
        var most = (int)Math.Min(buffer.Length, _leftBytes);
        return Note(await body.ReadAsync(buffer[..most], cancellationToken).ConfigureAwait(false));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        Note(_leftBytes == 0 ? 0 : body.Read(buffer, offset, (int)Math.Min(count, _leftBytes)));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Note(int read)
    {
        _leftBytes -= read;
        afterRead?.Invoke();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            owner?.Dispose();
        }
        base.Dispose(disposing);
    }
}

using System.Buffers;

namespace Larder.Sharing;

/// <summary>A stream of which a read may block for as long as a file server is gone; its reader need not wait for that.</summary>
/// <remarks>
/// What is left behind reads into memory of its own, so that it spoils nothing when it comes to its end after all. Between the
/// reader and the file stands one copy in memory.
/// </remarks>
internal sealed class LeavableStream(Stream inner) : Stream
{
    private const int MostBytes = 1 << 20;

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
        var own = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, MostBytes));
        var most = Math.Min(buffer.Length, own.Length);
        // Not given back to the pool where it is left behind: it is still being written to.
        var read = await Task.Run(() => inner.Read(own, 0, most), cancellationToken)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        own.AsSpan(0, read).CopyTo(buffer.Span);
        ArrayPool<byte>.Shared.Return(own);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>Some consecutive bytes of an open file as a stream of their own, so that several can be sent at once.</summary>
/// <remarks>Nothing of the file is held in memory: an upload needs no more of it for a large file than for a small one.</remarks>
/// <param name="file">The file; the caller disposes it afterwards.</param>
/// <param name="offset">Where in it the section begins.</param>
/// <param name="length">How long it is.</param>
/// <param name="progress">Told of bytes as they are read, again where they are read again; null.</param>
internal sealed class FileSection(SafeFileHandle file, long offset, long length, IProgress<long>? progress = null)
    : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Most(buffer.Length) is > 0 and var most
            ? RandomAccess.Read(file, buffer[..most], offset + _position)
            : 0;
        return Advance(read);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = Most(buffer.Length) is > 0 and var most
            ? await RandomAccess
                .ReadAsync(file, buffer[..most], offset + _position, cancellationToken)
                .ConfigureAwait(false)
            : 0;
        return Advance(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Advance(int read)
    {
        _position += read;
        if (read > 0)
            progress?.Report(read);
        return read;
    }

    private int Most(int wanted) => (int)Math.Clamp(length - _position, 0, wanted);
}

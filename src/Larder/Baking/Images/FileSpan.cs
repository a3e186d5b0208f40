using Larder.Pull.Archives;
using Microsoft.Win32.SafeHandles;

namespace Larder.Baking.Images;

/// <summary>A part of a file as a stream.</summary>
internal sealed class FileSpan(SafeFileHandle file, long offset, long length) : ReadOnlyStream
{
    // Headers are read one by one.
    private readonly byte[] _ahead = new byte[4096];
    private long _aheadAt;
    private int _aheadCount;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    /// <summary>Where the next byte comes from, counted from the beginning of the file.</summary>
    public override long Position
    {
        get => offset + _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var most = (int)Math.Min(buffer.Length, length - _position);
        if (most <= 0)
            return 0;
        var read =
            most >= _ahead.Length ? RandomAccess.Read(file, buffer[..most], Position) : ReadAhead(buffer[..most]);
        _position += read;
        return read;
    }

    public override long Seek(long distance, SeekOrigin origin)
    {
        if (origin != SeekOrigin.Current)
            throw new NotSupportedException();
        return _position += distance;
    }

    private int ReadAhead(Span<byte> buffer)
    {
        if (Position < _aheadAt || Position >= _aheadAt + _aheadCount)
        {
            _aheadAt = Position;
            _aheadCount = RandomAccess.Read(file, _ahead, Position);
        }
        var there = _ahead.AsSpan(0, _aheadCount)[(int)(Position - _aheadAt)..];
        var count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }
}

using System.Buffers;
using System.Text;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Reads lines and bytes of one connection.</summary>
internal sealed class WireReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>A line without its end; null at the end of the connection.</summary>
    public async ValueTask<string?> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                return line.Length == 0 ? null : throw new InvalidDataException($"It ended in the line '{line}'.");
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var taken = end < 0 ? _end - _start : end + 1;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, taken));
            _start += taken;
            if (end >= 0)
                return line.ToString().TrimEnd('\r', '\n');
        }
    }

    /// <summary>So many bytes.</summary>
    public async ValueTask<byte[]> BytesAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count; )
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                throw new InvalidDataException($"It ended after {filled} of {count} bytes.");
            var taken = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(filled));
            (_start, filled) = (_start + taken, filled + taken);
        }
        return bytes;
    }

    /// <summary>All bytes until the connection ends.</summary>
    public async ValueTask<byte[]> RestAsync(CancellationToken cancellationToken)
    {
        var rest = new ArrayBufferWriter<byte>();
        do
        {
            rest.Write(_buffer.AsSpan(_start, _end - _start));
        } while (await FillAsync(cancellationToken));
        return rest.WrittenSpan.ToArray();
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }
}

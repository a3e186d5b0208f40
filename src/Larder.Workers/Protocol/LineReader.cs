using System.Globalization;

namespace Larder.Workers.Protocol;

/// <summary>Cuts a stream into lines, and keeps no more of it than the longest.</summary>
internal sealed class LineReader(Stream stream, int maxLineBytes = WireLimits.MaxLineBytes)
{
    private const int FirstBufferBytes = 4096;

    // What a buffer may be that is kept for the next line.
    private const int KeptBufferBytes = 1024 * 1024;

    private byte[] _buffer = new byte[FirstBufferBytes];

    // What is read and not yet given away: from the start to the end, and up to where no line ends.
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream, whatever was begun.</summary>
    /// <exception cref="ProtocolException">It is longer than a line may be.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, _searched + found - _start);
                _start = _searched = _searched + found + 1;
                return line;
            }
            _searched = _end;
            if (_end - _start > maxLineBytes)
                throw new ProtocolException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"it wrote a line of more than {maxLineBytes} bytes to its channel"
                    )
                );
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return null;
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _searched = _end = 0;
            if (_buffer.Length > KeptBufferBytes)
                _buffer = new byte[FirstBufferBytes];
        }
        if (_end < _buffer.Length)
            return;
        var rest = _buffer.AsSpan(_start, _end - _start);
        var target = rest.Length <= _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
        rest.CopyTo(target);
        (_buffer, _start, _searched, _end) = (target, 0, _searched - _start, rest.Length);
    }
}

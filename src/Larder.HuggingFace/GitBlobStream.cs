using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larder.HuggingFace;

/// <summary>The bytes of a file that git names by its SHA-1: the last of them are given only if all are those.</summary>
/// <param name="body">The bytes; disposed with this stream.</param>
/// <param name="sizeBytes">How many there are to be.</param>
/// <param name="blobId">Git's name of them.</param>
/// <param name="mismatch">Makes the failure to throw, from the name that they have.</param>
internal sealed class GitBlobStream(Stream body, long sizeBytes, string blobId, Func<string, Exception> mismatch)
    : Stream
{
    private readonly IncrementalHash _hash = Begin(sizeBytes);
    private long _leftBytes = sizeBytes;
    private bool _isChecked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Git's name of some bytes.</summary>
    public static string NameOf(ReadOnlySpan<byte> content)
    {
        using var hash = Begin(content.Length);
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Note(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = body.Read(buffer, offset, count);
        Note(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // A body of another length is the reader's to notice: he knows what was announced.
    private void Note(ReadOnlySpan<byte> bytes)
    {
        _leftBytes -= bytes.Length;
        if (_leftBytes < 0 || _isChecked)
            return;
        _hash.AppendData(bytes);
        if (_leftBytes > 0)
            return;
        _isChecked = true;
        var actual = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (actual != blobId)
            throw mismatch(actual);
    }

    [SuppressMessage(
        "Security",
        "CA5350",
        Justification = "It is git's name of the file, and all that the Hub tells of it."
    )]
    private static IncrementalHash Begin(long sizeBytes)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {sizeBytes}\0")));
        return hash;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }
}

using Amazon.Runtime;
using Amazon.S3.Model;
using Larder.Origins;

namespace Larder.S3;

/// <summary>The bytes of an answer, which ends with this.</summary>
/// <remarks>Where checksums are asked for, the SDK holds what was read against them at the end and throws a failure of its own.</remarks>
internal sealed class S3Body(GetObjectResponse response, ModelReference reference, string key) : Stream
{
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
        try
        {
            return await response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonClientException)
        {
            throw Corrupt();
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return response.ResponseStream.Read(buffer, offset, count);
        }
        catch (AmazonClientException)
        {
            throw Corrupt();
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            response.Dispose();
        base.Dispose(disposing);
    }

    private OriginException Corrupt() =>
        S3Failures.Broken(
            reference,
            $"the bytes of '{key}' are not those that the server's checksum is of. Pull again, and if it happens again tell the owner of the model"
        );
}

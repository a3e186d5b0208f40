using Larder.Telemetry;

namespace Larder.Sharing;

/// <summary>The bytes of a blob as they come, each wait for them being one of the patience's.</summary>
internal sealed class SharedBlobStream(Stream body, PatientWait wait, string location) : Stream
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wait.Token);
        wait.Resume();
        try
        {
            var read = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            wait.Moved(read);
            SharedMeter.Fetched(read);
            return read;
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the shared store {location} kept its users waiting too long", cancelled);
        }
        catch (SharedStoreException failure)
        {
            // As any body that breaks off.
            throw new IOException(failure.Message, failure);
        }
        finally
        {
            wait.Pause();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("It is read asynchronously only.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        wait.Settle();
        await body.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            wait.Settle();
            body.Dispose();
        }
        base.Dispose(disposing);
    }
}

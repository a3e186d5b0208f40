using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Tells of the bytes of one request as they go out, and of each once.</summary>
/// <remarks>
/// Of a request as a whole it would be told too late: a dozen parts at once on a slow line are under way for a minute before the
/// first of them is there, and until then nothing would tell the line from one that hangs. The SDK tells on threads of its own,
/// which may come after the answer.
/// </remarks>
internal sealed class SentBytes(IProgress<long>? progress, long sizeBytes)
{
    private readonly Lock _lock = new();
    private long _left = sizeBytes;

    /// <summary>Some bytes went out.</summary>
    public void Add(object? sender, StreamTransferProgressArgs sent) => Take(sent.IncrementTransferred);

    /// <summary>All of them have arrived.</summary>
    public void Complete() => Take(long.MaxValue);

    private void Take(long bytes)
    {
        lock (_lock)
        {
            bytes = Math.Min(bytes, _left);
            _left -= bytes;
        }
        if (bytes > 0)
            progress?.Report(bytes);
    }
}

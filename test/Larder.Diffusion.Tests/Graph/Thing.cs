namespace Larder.Diffusion.Tests.Graph;

/// <summary>A value that notes its disposal, and fails a second one and every use after it.</summary>
internal sealed class Thing(long number) : IDisposable
{
    private int _disposals;

    public long Number => !IsDisposed ? number : throw new ObjectDisposedException($"{nameof(Thing)} {number}");

    public bool IsDisposed => Volatile.Read(ref _disposals) > 0;

    public void Dispose()
    {
        if (Interlocked.Increment(ref _disposals) > 1)
            throw new InvalidOperationException($"Thing {number} was disposed of twice.");
    }
}

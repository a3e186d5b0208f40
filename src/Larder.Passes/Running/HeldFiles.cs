using Larder.Content;

namespace Larder.Passes.Running;

/// <summary>The files of a model under a lease that several may hold; given back when the last one is disposed.</summary>
/// <remarks>Work that others wait for goes on when the run that began it is gone: it holds its input itself.</remarks>
internal sealed class HeldFiles : IDisposable
{
    private readonly Holders _holders;
    private int _isDisposed;

    public HeldFiles(string path, Manifest manifest, IDisposable lease)
        : this(path, manifest, new Holders(lease)) { }

    private HeldFiles(string path, Manifest manifest, Holders holders)
    {
        Path = path;
        Manifest = manifest;
        _holders = holders;
    }

    public string Path { get; }

    public Manifest Manifest { get; }

    /// <summary>One more hold on the same files; called by who holds them.</summary>
    public HeldFiles Retain()
    {
        Interlocked.Increment(ref _holders.Count);
        return new HeldFiles(Path, Manifest, _holders);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0 && Interlocked.Decrement(ref _holders.Count) == 0)
            _holders.Lease.Dispose();
    }

    private sealed class Holders(IDisposable lease)
    {
        public int Count = 1;

        public IDisposable Lease => lease;
    }
}

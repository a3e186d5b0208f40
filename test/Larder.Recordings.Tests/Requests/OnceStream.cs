namespace Larder.Recordings.Tests.Requests;

/// <summary>A stream that cannot seek.</summary>
internal sealed class OnceStream(byte[] content) : MemoryStream(content)
{
    public bool IsDisposed { get; private set; }

    public override bool CanSeek => false;

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}

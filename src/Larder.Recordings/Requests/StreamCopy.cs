namespace Larder.Recordings.Requests;

/// <summary>What was left to read in a stream, in memory; disposing of it disposes of the stream.</summary>
internal sealed class StreamCopy : MemoryStream
{
    private readonly Stream _source;

    public StreamCopy(Stream source)
    {
        _source = source;
        source.CopyTo(this);
        Position = 0;
    }

    public override bool CanWrite => false;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }
}

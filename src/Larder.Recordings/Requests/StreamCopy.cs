namespace Larder.Recordings.Requests;

/// <summary>What was left to read in a stream, in memory; disposing of it disposes of the stream.</summary>
internal sealed class StreamCopy(Stream source) : MemoryStream(ContentOf(source), writable: false)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] ContentOf(Stream source)
    {
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }
}

namespace Larder.Recordings.Requests;

/// <summary>What was left to read in a stream, in memory; disposing of it disposes of the stream.</summary>
/// <param name="source">The stream, which is read to its end.</param>
internal sealed class StreamCopy(Stream source) : MemoryStream(ReadToEnd(source), writable: false)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] ReadToEnd(Stream source)
    {
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }
}

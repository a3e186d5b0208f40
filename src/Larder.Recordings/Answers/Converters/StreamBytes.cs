namespace Larder.Recordings.Answers.Converters;

/// <summary>Reads streams without using them up.</summary>
internal static class StreamBytes
{
    /// <summary>What is left in the stream, which is then where it was.</summary>
    /// <exception cref="RefusedException">The stream could not be read a second time.</exception>
    public static ReadOnlyMemory<byte> Of(Stream stream)
    {
        if (!stream.CanRead)
            throw new RefusedException("it is a stream that cannot be read, or was closed");
        if (!stream.CanSeek)
            throw new RefusedException(
                "it is a stream that cannot seek, which would be used up by recording it; answer the stream itself, or bytes"
            );
        var position = stream.Position;
        try
        {
            return Rest(stream).ToArray();
        }
        finally
        {
            stream.Position = position;
        }
    }

    /// <summary>What is left in the stream, which is at its end then.</summary>
    public static MemoryStream Rest(Stream stream)
    {
        var rest = new MemoryStream();
        stream.CopyTo(rest);
        rest.Position = 0;
        return rest;
    }
}

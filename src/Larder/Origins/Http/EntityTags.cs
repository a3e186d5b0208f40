using System.Globalization;

namespace Larder.Origins.Http;

/// <summary>What a server's mark of a file rests on.</summary>
internal static class EntityTags
{
    /// <summary>
    /// Whether an answer marks its file by nothing but length and time: it has no ETag, or one that is made of just those, as
    /// nginx and Apache make it.
    /// </summary>
    public static bool RestsOnSizeAndTime(HttpResponseMessage response)
    {
        if (response.Headers.ETag is not { } tag)
            return true;
        if (response.Content.Headers is not { ContentLength: { } size, LastModified: { } modified })
            return false;
        var seconds = modified.ToUnixTimeSeconds();
        return tag.Tag.Trim('"').Split('-') switch
        {
            // nginx: seconds, length.
            [var time, var length] when Number(time) == seconds && Number(length) == size => true,
            // Apache: length, microseconds.
            [var length, var time] when Number(length) == size && Number(time) / 1_000_000 == seconds => true,
            _ => false,
        };
    }

    private static long? Number(string hex) =>
        long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

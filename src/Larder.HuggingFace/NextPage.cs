namespace Larder.HuggingFace;

/// <summary>Where a list goes on: the header <c>Link: &lt;address&gt;; rel="next"</c> (RFC 8288).</summary>
internal static class NextPage
{
    /// <summary>The address of the next page; null for the last one.</summary>
    public static Uri? Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var values))
            return null;
        foreach (var link in values.SelectMany(Links))
        {
            if (
                link.Parameters.Contains("rel=\"next\"", StringComparison.Ordinal)
                || link.Parameters.Contains("rel=next", StringComparison.Ordinal)
            )
                return Uri.TryCreate(response.RequestMessage?.RequestUri, link.Target, out var next) ? next : null;
        }
        return null;
    }

    // A comma may be part of an address, but not '<' and '>'.
    private static IEnumerable<(string Target, string Parameters)> Links(string header)
    {
        foreach (var part in header.Split('<').Skip(1))
        {
            var end = part.IndexOf('>', StringComparison.Ordinal);
            if (end > 0)
                yield return (part[..end], part[end..]);
        }
    }
}

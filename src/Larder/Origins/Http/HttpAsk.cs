using System.Net.Http.Headers;
using Larder.Content;

namespace Larder.Origins.Http;

/// <summary>One request on behalf of a reference.</summary>
/// <param name="Uri">Where it goes; user information in it is not sent.</param>
internal sealed record HttpAsk(Uri Uri)
{
    /// <summary>GET by default.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The part that is wanted; null for all of it.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>Who asks; sent to the host of <see cref="Uri"/> alone, never to one that it redirects to.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>More headers, sent wherever the request is led: nothing secret.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

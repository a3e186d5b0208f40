using System.Net;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>Asks for the bytes of files: the Hub, and where it leads to.</summary>
internal sealed class FileRequests(HttpTransport transport) : IDisposable
{
    private readonly FileLocations _locations = new();

    /// <summary>Asks for a file, or for a part of it; returns the answer, whatever it is, as soon as its head is there.</summary>
    /// <param name="reference">What is pulled.</param>
    /// <param name="access">Which Hub.</param>
    /// <param name="file">Where the Hub is asked for it.</param>
    /// <param name="range">The part; null for all.</param>
    /// <param name="isLarge">Whether more requests for it are to be expected.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HttpResponseMessage> SendAsync(
        ModelReference reference,
        HubAccess access,
        Uri file,
        ByteRange? range,
        bool isLarge,
        CancellationToken cancellationToken
    )
    {
        if (!isLarge)
            return await AskAsync(file).ConfigureAwait(false);
        if (
            _locations.Find(access.Scope, file) is { } known
            && await TryAskAsync(known).ConfigureAwait(false) is { } answer
        )
            return answer;

        using (await _locations.TakeTurnAsync(file, cancellationToken).ConfigureAwait(false))
        {
            // Another connection may have found the way while this one waited for its turn.
            var found = _locations.Find(access.Scope, file);
            if (found is null)
            {
                var first = await AskAsync(file).ConfigureAwait(false);
                if (first.IsSuccessStatusCode && first.RequestMessage?.RequestUri is { } location)
                    _locations.Add(access.Scope, file, location);
                return first;
            }
            known = found;
        }
        return await TryAskAsync(known).ConfigureAwait(false) ?? await AskAsync(file).ConfigureAwait(false);

        Task<HttpResponseMessage> AskAsync(Uri uri) =>
            transport.SendAsync(
                reference,
                new HttpAsk(uri) { Range = range, Authorization = access.IsHub(uri) ? access.Authorization : null },
                cancellationToken
            );

        async Task<HttpResponseMessage?> TryAskAsync(Uri location)
        {
            var response = await AskAsync(location).ConfigureAwait(false);
            if (!IsExpired(response.StatusCode) || location == file)
                return response;
            response.Dispose();
            _locations.Forget(access.Scope, file, location);
            return null;
        }
    }

    public void Dispose() => _locations.Dispose();

    private static bool IsExpired(HttpStatusCode status) =>
        status
            is HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.NotFound
                or HttpStatusCode.Gone;
}

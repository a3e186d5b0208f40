using Larder.Content;
using Larder.Origins.Http;

namespace Larder.Origins;

/// <summary>
/// Files over HTTP(S): one, <c>https://host/models/model.onnx</c>, or all below a directory whose index page nginx or Apache
/// makes, <c>https://host/models/house-prices/</c>.
/// </summary>
/// <remarks>
/// Redirects are followed by hand, five at most, never from https to http, and user information of the reference is sent to
/// its own host only. A file is pinned to the ETag or date that it was listed with; parts of it are asked for only where the
/// server has a strong ETag, which a mixture of two versions cannot pass.
/// </remarks>
public sealed class HttpOrigin : IOrigin, IDisposable
{
    private readonly HttpTransport _transport;
    private readonly HttpFiles _files;
    private readonly HttpDirectory _directory;

    /// <summary>Creates the origin with connections of its own.</summary>
    /// <param name="answerTimeout">How long a server may take to begin its answer; 60 s by default.</param>
    /// <param name="allowPrivateAddresses">Whether references of callers may lead to private addresses; false.</param>
    public HttpOrigin(TimeSpan? answerTimeout = null, bool allowPrivateAddresses = false)
    {
        _transport = new HttpTransport(answerTimeout, allowPrivateAddresses);
        _files = new HttpFiles(_transport);
        _directory = new HttpDirectory(_transport, _files);
    }

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["http", "https"];

    /// <inheritdoc/>
    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (HttpDirectory.IsNamedBy(reference))
            return await _directory.ListAsync(reference, cancellationToken).ConfigureAwait(false);
        var name = Uri.UnescapeDataString(reference.Uri.Segments[^1]);
        return new OriginListing([await _files.LookAsync(reference, name, cancellationToken).ConfigureAwait(false)]);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        var at = HttpDirectory.IsNamedBy(reference) ? HttpDirectory.At(reference, file.Path) : reference;
        return _files.OpenAsync(at, file, range, cancellationToken);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();
}

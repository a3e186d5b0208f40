using System.Globalization;
using Larder.Content;
using Larder.Origins;

namespace Larder.Azure;

/// <summary>
/// Blobs of Azure Storage: <c>az://account/container/prefix/</c> names all below a prefix, <c>az://account/container/blob</c>
/// one blob, and <c>?versionid=…</c> one version of it.
/// </summary>
/// <remarks>
/// A blob's version is its ETag, which changes with every write; each part of a blob is asked for on condition that it still has
/// it. The libraries of Azure are loaded when the origin is first asked, and not before.
/// </remarks>
public sealed class AzureBlobOrigin : IOrigin, IDisposable
{
    /// <summary>More than any model has: a prefix with more of them names something else.</summary>
    internal const int MaxBlobs = 100_000;

    private readonly Lazy<BlobService> _service;

    /// <summary>Creates the origin; it connects to nothing before it is asked.</summary>
    /// <param name="options">Where and who; the defaults when null.</param>
    public AzureBlobOrigin(AzureBlobOptions? options = null)
        : this(options, connect: null, TimeProvider.System) { }

    /// <summary>For tests: with connections and a clock of their own.</summary>
    internal AzureBlobOrigin(AzureBlobOptions? options, Func<HttpMessageHandler>? connect, TimeProvider timeProvider)
    {
        options ??= new AzureBlobOptions();
        options.Validate();
        _service = new Lazy<BlobService>(() => new BlobService(options, connect, timeProvider));
    }

    /// <inheritdoc/>
    public string Name => "azure";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["az"];

    /// <inheritdoc/>
    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var place = BlobPlace.Of(reference);
        if (place.IsPrefix)
            return new OriginListing(await ListBelowAsync(place, cancellationToken).ConfigureAwait(false));
        var blob = await _service.Value.LookAsync(place, cancellationToken).ConfigureAwait(false);
        return new OriginListing([FileOf(blob, blob.Name[(blob.Name.LastIndexOf('/') + 1)..])])
        {
            IsFixed = place.VersionId is not null,
        };
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
        var place = BlobPlace.Of(reference);
        var name = place.IsPrefix ? place.Name + file.Path : place.Name;
        return _service.Value.OpenAsync(place, name, file, range, cancellationToken);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_service.IsValueCreated)
            _service.Value.Dispose();
    }

    private async Task<List<OriginFile>> ListBelowAsync(BlobPlace place, CancellationToken cancellationToken)
    {
        var files = new List<OriginFile>();
        string? marker = null;
        do
        {
            var page = await _service.Value.ListAsync(place, marker, cancellationToken).ConfigureAwait(false);
            files.AddRange(
                page.Blobs.Where(blob => !blob.IsDirectory).Select(blob => FileOf(blob, PathBelow(place, blob.Name)))
            );
            if (files.Count > MaxBlobs)
                throw BlobFailures.Broken(
                    place.Reference,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"more than {MaxBlobs} blobs are there, which is the limit. Name a longer prefix"
                    )
                );
            if (page.NextMarker is { } next && next == marker)
                throw BlobFailures.Broken(place.Reference, "its list does not go on after the page before");
            marker = page.NextMarker;
        } while (marker is not null);
        return files;
    }

    private static string PathBelow(BlobPlace place, string name) =>
        name.StartsWith(place.Name, StringComparison.Ordinal)
            ? name[place.Name.Length..]
            : throw BlobFailures.Broken(
                place.Reference,
                $"the service listed {Printable.Quote(name)}, which does not lie there"
            );

    private static OriginFile FileOf(ListedBlob blob, string path) =>
        new(path, blob.SizeBytes, blob.ETag, HasRanges: true) { Md5 = blob.Md5 };
}

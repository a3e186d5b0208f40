using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Xml;
using Azure;
using Azure.Core;
using Larder.Content;
using Larder.Origins;
using Larder.Sharing;

namespace Larder.Azure;

/// <summary>Blobs of a container of Azure Storage, for a team: <c>az://account/container/prefix</c>.</summary>
/// <remarks>
/// <para>
/// A shared access signature may stand behind a <c>?</c>, with the permissions r, l, c, w, and d to prune; it is never shown. An
/// object's tag is its blob's ETag, which changes with every write, of the same bytes too.
/// </para>
/// <para>
/// A large file is sent in blocks of 8 MiB or more, four at a time, read from the file as they are sent. Blocks of an upload
/// that broke off are not seen, and Azure removes them after a week.
/// </para>
/// <para>Writes and removals keep their conditions on the server, in one step.</para>
/// </remarks>
public sealed class AzureSharedStore : ISharedStore, IDisposable
{
    private const int MaxPrefixBytes = 1024 - SharedName.MaxLength;

    private static readonly int[] Found = [200, 404];
    private static readonly int[] Listed = [200];
    private static readonly int[] Opened = [200, 206, 404, 412, 416];
    private static readonly int[] Written = [201, 404, 409, 412];
    private static readonly int[] Removed = [202, 404, 412];

    private readonly Lazy<BlobContainer> _container;

    /// <summary>Creates the store; it connects to nothing before it is used.</summary>
    /// <param name="location">Where it is: <c>az://account/container</c> or <c>az://account/container/prefix</c>.</param>
    /// <param name="options">Where the account is and who asks; the defaults when null.</param>
    /// <exception cref="ReferenceException">The location names no container, or more than a container and a prefix.</exception>
    public AzureSharedStore(string location, AzureBlobOptions? options = null)
        : this(location, options, connect: null, TimeProvider.System) { }

    /// <summary>For tests: with connections and a clock of their own.</summary>
    internal AzureSharedStore(
        string location,
        AzureBlobOptions? options,
        Func<HttpMessageHandler>? connect,
        TimeProvider timeProvider
    )
    {
        var reference = ModelReference.Parse(location);
        options ??= new AzureBlobOptions();
        options.Validate();
        if (reference.Scheme != "az")
            throw Fault("is no place in Azure Storage. Write az://account/container/prefix");
        var place = BlobPlace.Of(reference);
        if (place.VersionId is not null)
            throw Fault("has a versionid, and a shared store has none. Take it out");
        if (System.Text.Encoding.UTF8.GetByteCount(place.Name) >= MaxPrefixBytes)
            throw Fault($"has a prefix of {MaxPrefixBytes} bytes or more, and no room for names is left");
        Location = reference.Text.TrimEnd('/');
        _container = new Lazy<BlobContainer>(() =>
            new BlobContainer(place, Location, options, connect, timeProvider)
        );

        ReferenceException Fault(string what) => new(reference.Text, $"'{reference}' {what}.");
    }

    /// <inheritdoc/>
    public string Name => "azure";

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>For tests: how many objects a page of a list has.</summary>
    internal int ListPageSize { get; init; } = 5000;

    private BlobContainer Container => _container.Value;

    /// <inheritdoc/>
    public async Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        using var message = await Container
            .SendAsync(RequestMethod.Get, name, "", prepare: null, Found, cancellationToken)
            .ConfigureAwait(false);
        if (message.Response.Status == 404)
            return null;
        var seen = Container.Describe(name, sizeBytes: null, message.Response);
        if (seen.SizeBytes > mostBytes)
            throw Container.Failures.Broken(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the object '{name}' has {seen.SizeBytes} bytes, and at most {mostBytes} are read"
                )
            );
        var content = new byte[seen.SizeBytes];
        try
        {
            await message.Response.ContentStream!.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (BlobContainer.IsInterruption(failure, cancellationToken))
        {
            throw Container.Failures.Unreachable(failure);
        }
        return new SharedDocument(seen, content);
    }

    /// <inheritdoc/>
    public async Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        using var message = await Container
            .SendAsync(RequestMethod.Head, name, "", prepare: null, Found, cancellationToken)
            .ConfigureAwait(false);
        return message.Response.Status == 404
            ? null
            : Container.Describe(name, sizeBytes: null, message.Response);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken)
    {
        var asked = SharedRange.Of(seen, range);
        SharedName.ThrowIfIllegal(seen.Name);
        if (asked.Length == 0)
        {
            // There is no part of nothing.
            var now = await TryStatAsync(seen.Name, cancellationToken).ConfigureAwait(false);
            return now?.Tag == seen.Tag
                ? new MemoryStream([], writable: false)
                : throw Container.Failures.Changed(seen);
        }
        var message = await Container
            .SendAsync(
                RequestMethod.Get,
                seen.Name,
                "",
                request =>
                {
                    request.Headers.Add("If-Match", ListedBlob.Quoted(seen.Tag));
                    request.Headers.Add(
                        "x-ms-range",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"bytes={asked.Offset}-{asked.Offset + asked.Length - 1}"
                        )
                    );
                },
                Opened,
                cancellationToken
            )
            .ConfigureAwait(false);
        try
        {
            var response = message.Response;
            if (
                response.Status is 404 or 412 or 416
                || !response.Headers.TryGetValue("ETag", out var tag)
                || tag.Trim('"') != seen.Tag
            )
                throw Container.Failures.Changed(seen);
            if (!IsOf(response, asked))
                throw Container.Failures.Broken(
                    $"the service sent another part of '{seen.Name}' than it was asked for"
                );
            return new OriginStream(message.ExtractResponseContent()!, message, asked.Length);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        using var message = await Container
            .SendAsync(
                RequestMethod.Put,
                name,
                "",
                request =>
                {
                    if (condition.Tag is { } tag)
                        request.Headers.Add("If-Match", ListedBlob.Quoted(tag));
                    else
                        request.Headers.Add("If-None-Match", "*");
                    request.Headers.Add("x-ms-blob-type", "BlockBlob");
                    request.Headers.Add("x-ms-blob-content-type", "application/json");
                    request.Headers.SetValue("Content-Length", content.Length.ToString(CultureInfo.InvariantCulture));
#pragma warning disable CA5351 // What the service checks a transport with; nothing is safe because of it.
                    request.Headers.SetValue("Content-MD5", Convert.ToBase64String(MD5.HashData(content.Span)));
#pragma warning restore CA5351
                    request.Content = RequestContent.Create(content);
                },
                // That a blob is there, the service says with 409 where others say 412.
                Written,
                cancellationToken,
                content.Length
            )
            .ConfigureAwait(false);
        return message.Response.Status == 201
            ? Container.Describe(name, content.Length, message.Response)
            : null;
    }

    /// <inheritdoc/>
    /// <remarks>What is there already is written again: a store cannot tell bytes that are wrong.</remarks>
    public async Task UploadAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        ArgumentNullException.ThrowIfNull(file);
        using var bytes = SharedUploads.Open(Location, file);
        await new BlobUpload(Container, name, file, progress).SendAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedObject> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegalPrefix(prefix);
        string? marker = null;
        do
        {
            var page = await ListPageAsync(prefix, marker, cancellationToken).ConfigureAwait(false);
            foreach (var blob in page.Blobs)
            {
                if (!blob.IsDirectory && Container.NameOf(blob.Name) is { } name && SharedName.IsLegal(name))
                    yield return new SharedObject(
                        name,
                        blob.SizeBytes,
                        blob.ETag.Trim('"'),
                        blob.Modified ?? DateTimeOffset.UnixEpoch
                    );
            }
            if (page.NextMarker is { } next && next == marker)
                throw Container.Failures.Broken("its list does not go on after the page before");
            marker = page.NextMarker;
        } while (marker is not null);
    }

    /// <inheritdoc/>
    /// <remarks>The service holds the condition itself.</remarks>
    public async Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        SharedName.ThrowIfIllegal(seen.Name);
        using var message = await Container
            .SendAsync(
                RequestMethod.Delete,
                seen.Name,
                "",
                request => request.Headers.Add("If-Match", ListedBlob.Quoted(seen.Tag)),
                Removed,
                cancellationToken
            )
            .ConfigureAwait(false);
        return message.Response.Status == 202;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_container.IsValueCreated)
            _container.Value.Dispose();
    }

    private async Task<BlobListPage> ListPageAsync(string prefix, string? marker, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"restype=container&comp=list&maxresults={ListPageSize}&prefix={Uri.EscapeDataString(Container.BlobOf(prefix))}"
        );
        if (marker is not null)
            query += $"&marker={Uri.EscapeDataString(marker)}";
        using var message = await Container
            .SendAsync(RequestMethod.Get, name: null, query, prepare: null, Listed, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return await BlobListPage
                .ReadAsync(message.Response.ContentStream!, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmlException unreadable)
        {
            throw Container.Failures.Broken(
                $"the service's list cannot be read ({unreadable.Message.TrimEnd('.')})",
                unreadable
            );
        }
        catch (Exception failure) when (BlobContainer.IsInterruption(failure, cancellationToken))
        {
            throw Container.Failures.Unreachable(failure);
        }
    }

    // A service that sends all where all is asked for keeps its word.
    private static bool IsOf(Response response, ByteRange asked) =>
        response.Headers.TryGetValue("Content-Range", out var text)
        && ContentRangeHeaderValue.TryParse(text, out var sent)
            ? sent.From == asked.Offset && sent.To == asked.Offset + asked.Length - 1
            : asked.Offset == 0
                && response.Headers.ContentLengthLong == asked.Length;
}

using System.Net;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>Repositories of the Hugging Face Hub, and of mirrors of it: <c>hf://org/repo@revision</c>.</summary>
/// <remarks>
/// A revision is resolved to a commit with one request, a commit is listed with one (and one more for every thousand files)
/// and then remembered: it never changes. No file is asked about by itself. Large files are verified by the SHA-256 and the
/// others by the git object id that the Hub lists. The token goes to the Hub and to nobody it leads to.
/// </remarks>
public sealed class HuggingFaceOrigin : IOrigin, IDisposable
{
    private readonly HuggingFaceOptions _options;
    private readonly HubEnvironment _environment;
    private readonly HttpTransport _transport;
    private readonly HubClient _client;
    private readonly FileRequests _requests;
    private readonly HubTrees _trees = new();

    /// <summary>Creates the origin with connections of its own; neither the Hub nor any file is asked before it is.</summary>
    /// <param name="options">Which Hub, and who asks; what the Hub's own clients would take when null.</param>
    public HuggingFaceOrigin(HuggingFaceOptions? options = null)
        : this(options ?? new HuggingFaceOptions(), HubEnvironment.Process) { }

    internal HuggingFaceOrigin(HuggingFaceOptions options, HubEnvironment environment)
    {
        if (options.Endpoint is { } endpoint && !HuggingFaceOptions.IsEndpoint(endpoint))
            throw new ArgumentException(
                "The endpoint is not an http or https address without user, query and fragment.",
                nameof(options)
            );
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AnswerTimeout, TimeSpan.Zero);
        _options = new HuggingFaceOptions
        {
            Endpoint = options.Endpoint,
            Token = options.Token,
            AnswerTimeout = options.AnswerTimeout,
        };
        _environment = environment;
        // Where a caller's reference leads is the operator's Hub, which may well be in a private network.
        _transport = new HttpTransport(_options.AnswerTimeout, allowPrivateAddresses: true);
        _client = new HubClient(_transport);
        _requests = new FileRequests(_transport);
    }

    /// <inheritdoc/>
    public string Name => "hub";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = [HubReference.Scheme];

    /// <inheritdoc/>
    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        cancellationToken.ThrowIfCancellationRequested();
        var hub = HubOf(reference);
        var access = HubAccess.Read(reference, _options, _environment);
        var commit = hub.IsCommit
            ? hub.Revision
            : await _client.ResolveAsync(reference, access, cancellationToken).ConfigureAwait(false);

        var key = $"{access.Scope} {access.Api(hub.Repository, "tree", commit)}";
        if (!_trees.TryGet(key, out var files))
        {
            files = await _client.ListAsync(reference, access, commit, cancellationToken).ConfigureAwait(false);
            _trees.Add(key, files);
        }
        return new OriginListing(Select(reference, access, files, commit))
        {
            Revision = commit,
            IsFixed = hub.IsCommit,
        };
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        var hub = HubOf(reference);
        var access = HubAccess.Read(reference, _options, _environment);
        var path = hub.PathOf(file.Path);
        if (ManifestPath.FaultIn(path) is { } fault)
            throw HubFailures.Senseless(reference, access, $"lists the path {Printable.Quote(path)}, which {fault}");
        var response = await _requests
            .SendAsync(
                reference,
                access,
                access.File(hub.Repository, file.Revision ?? hub.Revision, path),
                range,
                file.HasRanges,
                cancellationToken
            )
            .ConfigureAwait(false);
        try
        {
            ThrowIfNot(reference, access, file, range, response);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var stream = new OriginStream(body, response, range?.Length ?? long.MaxValue);
            return range is null && HubMark.BlobIdOf(file.Version) is { } blobId && file.SizeBytes is { } sizeBytes
                ? new GitBlobStream(stream, sizeBytes, blobId, actual => Mismatch(reference, file, blobId, actual))
                : stream;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        _requests.Dispose();
    }

    private static HubReference HubOf(ModelReference reference) =>
        reference.Hub
        ?? throw new ReferenceException(
            reference.Text,
            $"'{reference}' is not of the Hub. Write hf://org/repo@revision."
        );

    private static void ThrowIfNot(
        ModelReference reference,
        HubAccess access,
        OriginFile file,
        ByteRange? range,
        HttpResponseMessage response
    )
    {
        if (response.StatusCode != (range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent))
            throw range is not null && response.StatusCode == HttpStatusCode.OK
                ? HttpFailures.NoRanges(reference)
                : HubFailures.Refused(reference, access, response);
        HttpFailures.ThrowIfEncoded(reference, response);
        if (range is { } part)
            HttpFailures.ThrowIfOtherRange(reference, file.SizeBytes, part, response);
    }

    private static OriginException Mismatch(
        ModelReference reference,
        OriginFile file,
        string expected,
        string actual
    ) =>
        new(
            OriginFailure.Broken,
            reference.Text,
            $"'{file.Path}' of '{reference}' is not what the Hub lists: git names it {expected}, and what came {actual}. It was thrown away; pull again, and if it happens again see what stands between here and the Hub."
        );

    private static List<OriginFile> Select(
        ModelReference reference,
        HubAccess access,
        IReadOnlyList<HubFile> files,
        string commit
    )
    {
        var hub = reference.Hub!;
        var wanted = files
            .Where(file =>
                hub.IsFile ? file.Path == hub.Path : file.Path.StartsWith(hub.Path, StringComparison.Ordinal)
            )
            .Select(file => Listed(file, hub.Directory.Length, commit))
            .ToList();
        if (wanted.Count > 0 || hub.Path.Length == 0)
            return wanted;

        var other = hub.IsFile ? hub.Path + "/" : hub.Path.TrimEnd('/');
        var hint =
            hub.IsFile && files.Any(file => file.Path.StartsWith(other, StringComparison.Ordinal))
                ? " It is a directory: write a '/' behind it."
            : !hub.IsFile && files.Any(file => file.Path == other) ? " It is a file: leave the '/' behind it out."
            : " Check the path; letter case counts.";
        throw new OriginException(
            OriginFailure.NotFound,
            reference.Text,
            $"The repository '{hub.Repository.Path}' at {access.Name} has no {(hub.IsFile ? "file" : "directory")} {Printable.Quote(hub.Path)} at {commit}.{hint}"
        );
    }

    private static OriginFile Listed(HubFile file, int prefix, string commit) =>
        new(file.Path[prefix..], file.SizeBytes, HubMark.Of(file), file.Sha256, HasRanges: file.Sha256 is not null)
        {
            Revision = commit,
        };
}

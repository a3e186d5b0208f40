using System.Globalization;
using System.Net;
using Larder.Content;

namespace Larder.Origins.Http;

/// <summary>All files below a directory, by the index pages that its server makes.</summary>
/// <remarks>
/// The pages say what is there, and a HEAD of each file its length and mark. Only what a page links to directly below its own
/// directory counts, and what is asked for is the directory of the reference and the path, never an address from a page.
/// </remarks>
internal sealed class HttpDirectory(HttpTransport transport, HttpFiles files)
{
    /// <summary>Directories within each other; links that go in a circle end here.</summary>
    public const int MaxDepth = 32;

    /// <summary>Files and directories together.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Of one page: about a hundred thousand lines.</summary>
    public const int MaxPageBytes = 32 << 20;

    private const int LooksAtOnce = 16;

    public static bool IsNamedBy(ModelReference reference) => reference.Uri.AbsolutePath.EndsWith('/');

    /// <summary>A file, or a directory when the path ends in a slash, below a directory.</summary>
    /// <remarks>The query goes along: with some servers it is what lets one in.</remarks>
    public static ModelReference At(ModelReference directory, string path) =>
        directory.At(
            new Uri(
                directory.Uri.GetLeftPart(UriPartial.Path)
                    + string.Join('/', path.Split('/').Select(segment => Uri.EscapeDataString(segment)))
                    + directory.Uri.Query
            )
        );

    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        var paths = await WalkAsync(reference, cancellationToken).ConfigureAwait(false);
        var looked = new OriginFile[paths.Count];
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, paths.Count),
                new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken },
                async (index, token) =>
                    looked[index] = await LookAsync(reference, paths[index], token).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return new OriginListing(looked);
    }

    private async Task<List<string>> WalkAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        var entries = 0;
        var directories = new Queue<(string Prefix, int Depth)>([("", 0)]);
        while (directories.TryDequeue(out var directory))
        {
            if (directory.Depth > MaxDepth)
                throw HttpFailures.Broken(
                    reference,
                    $"{Printable.Quote(directory.Prefix)} lies deeper than {MaxDepth} directories. If directories are linked in a circle there, take the link away; else name a directory further down"
                );
            var page = await PageAsync(reference, directory.Prefix, cancellationToken).ConfigureAwait(false);
            entries += page.Count;
            if (entries > MaxEntries)
                throw HttpFailures.Broken(
                    reference,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"it lists {entries} files and directories and more; {MaxEntries} are the limit. Name a directory further down"
                    )
                );
            foreach (var entry in page)
            {
                var path = directory.Prefix + entry.Name;
                if (entry.IsDirectory)
                    directories.Enqueue((path + '/', directory.Depth + 1));
                else
                    paths.Add(path);
            }
        }
        return paths;
    }

    private async Task<IReadOnlyList<IndexEntry>> PageAsync(
        ModelReference reference,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var directory = At(reference, prefix);
        using var response = await transport
            .SendAsync(
                directory,
                new HttpAsk(directory.Uri) { Authorization = HttpFiles.Authorization(directory) },
                cancellationToken
            )
            .ConfigureAwait(false);
        // Below a directory that is there, nothing else can be missing but what was taken away this moment.
        if (prefix.Length > 0 && (int)response.StatusCode is 404 or 410)
            throw HttpFailures.Changed(directory);
        // Which of the two it is, servers do not tell.
        if (response.StatusCode == HttpStatusCode.Forbidden)
            throw new OriginException(
                OriginFailure.Denied,
                directory.Text,
                $"'{directory}' may not be listed: the server answered 403 {response.ReasonPhrase}. Check the credentials, and that the server makes an index of it: 'autoindex on' in nginx, 'Options +Indexes' in Apache."
            );
        if (!response.IsSuccessStatusCode)
            throw HttpFailures.Refused(directory, response);
        var page = response.RequestMessage!.RequestUri!;
        if (!HttpTransport.IsSameHost(page, directory.Uri))
            throw HttpFailures.Broken(
                directory,
                $"it is led to '{page.GetLeftPart(UriPartial.Authority)}', and what another host lists is not believed. If that is the right one, write it in the reference"
            );
        HttpFailures.ThrowIfEncoded(directory, response);
        var body = await transport
            .ReadAsync(directory, response, MaxPageBytes, cancellationToken)
            .ConfigureAwait(false);
        return IndexPage.Read(directory, page, response.Content.Headers.ContentType?.MediaType, body);
    }

    private async Task<OriginFile> LookAsync(ModelReference reference, string path, CancellationToken cancellationToken)
    {
        var file = At(reference, path);
        try
        {
            return await files.LookAsync(file, path, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException gone) when (gone.Failure == OriginFailure.NotFound)
        {
            throw new OriginException(
                OriginFailure.Changed,
                reference.Text,
                $"'{file}' is on the index page of its directory and is not there. If it was not removed this moment it is a link to nothing, or no regular file: remove it there.",
                gone
            );
        }
    }
}

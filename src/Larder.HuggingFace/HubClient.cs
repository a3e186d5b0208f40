using System.Globalization;
using System.Text.Json;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>Asks the Hub's API what a repository holds.</summary>
internal sealed class HubClient(HttpTransport transport)
{
    private const int LargestDocumentBytes = 64 << 20;

    // Against lists that never end. The Hub itself advises against repositories of more than 100,000 files.
    private const int MostPages = 10_000;
    private const int MostFiles = 2_000_000;

    /// <summary>The commit that a revision is at this moment.</summary>
    public async Task<string> ResolveAsync(
        ModelReference reference,
        HubAccess access,
        CancellationToken cancellationToken
    )
    {
        var hub = reference.Hub!;
        using var response = await SendAsync(
                reference,
                access,
                access.Api(hub.Repository, "revision", hub.Revision),
                cancellationToken
            )
            .ConfigureAwait(false);
        using var document = await ReadAsync(reference, access, response, cancellationToken).ConfigureAwait(false);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("sha", out var sha)
            && sha.ValueKind == JsonValueKind.String
            && HubReference.IsCommitId(sha.GetString()!)
            ? sha.GetString()!
            : throw HubFailures.Senseless(reference, access, "names no commit for the revision");
    }

    /// <summary>All files of a commit.</summary>
    public async Task<IReadOnlyList<HubFile>> ListAsync(
        ModelReference reference,
        HubAccess access,
        string commit,
        CancellationToken cancellationToken
    )
    {
        var files = new List<HubFile>();
        Uri? page = access.Api(reference.Hub!.Repository, "tree", commit, "?recursive=true&expand=false");
        for (var pages = 0; page is not null; pages++)
        {
            if (pages == MostPages || files.Count > MostFiles)
                throw HubFailures.Senseless(
                    reference,
                    access,
                    string.Create(CultureInfo.InvariantCulture, $"sent {pages} pages of files and has more")
                );
            using var response = await SendAsync(reference, access, page, cancellationToken).ConfigureAwait(false);
            using var document = await ReadAsync(reference, access, response, cancellationToken).ConfigureAwait(false);
            AddFiles(reference, access, document.RootElement, files);
            page = NextPage.Of(response);
            // Who sends the list says where it goes on, and would have the token sent there.
            if (page is not null && !access.IsHub(page))
                throw HubFailures.Senseless(
                    reference,
                    access,
                    $"has its list of files go on at {page.Host}. A mirror has to give its own address for that: ask who runs it"
                );
        }
        return files;
    }

    private async Task<HttpResponseMessage> SendAsync(
        ModelReference reference,
        HubAccess access,
        Uri uri,
        CancellationToken cancellationToken
    )
    {
        var response = await transport
            .SendAsync(reference, new HttpAsk(uri) { Authorization = access.Authorization }, cancellationToken)
            .ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw HubFailures.Refused(reference, access, response);
    }

    private async Task<JsonDocument> ReadAsync(
        ModelReference reference,
        HubAccess access,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        HttpFailures.ThrowIfEncoded(reference, response);
        var body = await transport
            .ReadAsync(reference, response, LargestDocumentBytes, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw HubFailures.Senseless(reference, access, "sent what is no JSON. Check HF_ENDPOINT");
        }
    }

    private static void AddFiles(ModelReference reference, HubAccess access, JsonElement page, List<HubFile> files)
    {
        try
        {
            foreach (var item in page.EnumerateArray())
            {
                if (item.GetProperty("type").ValueEquals("file"))
                    files.Add(ReadFile(item));
            }
        }
        catch (Exception senseless)
            when (senseless is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw HubFailures.Senseless(
                reference,
                access,
                $"sent a list of files that is none: {senseless.Message.TrimEnd('.')}"
            );
        }
    }

    private static HubFile ReadFile(JsonElement item)
    {
        var path = Text(item, "path");
        var oid = Text(item, "oid");
        if (!HubReference.IsCommitId(oid))
            throw new FormatException($"{Printable.Quote(path)} has no git object id.");
        if (!item.TryGetProperty("lfs", out var lfs) || lfs.ValueKind == JsonValueKind.Null)
            return new HubFile(path, Size(item), oid, Sha256: null);
        return Digest.TryParse(Text(lfs, "oid"), out var digest)
            ? new HubFile(path, Size(lfs), oid, digest)
            : throw new FormatException($"{Printable.Quote(path)} has no SHA-256.");
    }

    private static string Text(JsonElement item, string name) =>
        item.GetProperty(name).GetString() ?? throw new FormatException($"A {name} is null.");

    private static long Size(JsonElement item) =>
        item.GetProperty("size").GetInt64() is >= 0 and var size
            ? size
            : throw new FormatException("A size is negative.");
}

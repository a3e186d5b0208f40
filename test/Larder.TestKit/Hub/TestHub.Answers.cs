using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larder.TestKit.Hub;

// What it answers to what.
public sealed partial class TestHub
{
    private async Task AnswerApiAsync(HttpExchange exchange, Match call)
    {
        var repository = Find(call);
        if (await RefuseAsync(exchange, repository, HubGate.Everything))
            return;
        if (repository!.Resolve(Unescape(call, "revision")) is not { } commit)
            await RefuseAsync(exchange, 404, "RevisionNotFound", "Invalid rev id");
        else if (call.Groups["call"].Value == "revision")
            await AnswerRevisionAsync(exchange, repository, commit);
        else if (call.Groups["call"].Value == "paths-info")
            await AnswerPathsAsync(exchange, repository, commit);
        else
            await AnswerTreeAsync(exchange, repository, commit);
    }

    private static Task AnswerRevisionAsync(HttpExchange exchange, TestHubRepository repository, string commit) =>
        AnswerJsonAsync(
            exchange,
            new
            {
                id = repository.Id,
                modelId = repository.Id,
                sha = commit,
                @private = repository.IsPrivate,
                gated = repository.Gate != HubGate.None,
                disabled = false,
                siblings = repository.FilesOf(commit).Keys.Select(path => new { rfilename = path }),
            }
        );

    // Larder does not ask for it; a client does.
    private static async Task AnswerPathsAsync(HttpExchange exchange, TestHubRepository repository, string commit)
    {
        using var asked = JsonDocument.Parse(exchange.Body);
        var paths = asked.RootElement.GetProperty("paths").EnumerateArray().Select(path => path.GetString());
        await AnswerJsonAsync(
            exchange,
            repository
                .FilesOf(commit)
                .Where(file => paths.Contains(file.Key, StringComparer.Ordinal))
                .Select(file => Describe(file.Key, file.Value))
                .ToList()
        );
    }

    private Task AnswerTreeAsync(HttpExchange exchange, TestHubRepository repository, string commit)
    {
        var files = repository.FilesOf(commit);
        var directories = files
            .Keys.SelectMany(path => path.Select((letter, at) => letter == '/' ? path[..at] : null).OfType<string>())
            .Distinct();
        List<object> items =
        [
            .. directories.Select(path => new
            {
                type = "directory",
                oid = TestHubFile.GitNameOf([]),
                size = 0,
                path,
            }),
            .. files.Select(file => Describe(file.Key, file.Value)),
        ];
        var first = Cursor().Match(exchange.Target) is { Success: true } cursor
            ? int.Parse(cursor.Groups["cursor"].Value, CultureInfo.InvariantCulture)
            : 0;
        var next = first + PageSize;
        string[] links =
            next < items.Count
                ?
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Link: <{NextPagesAt ?? _hub.Url("")}/api/{repository.Kind}/{repository.Id}/tree/{commit}?recursive=true&expand=false&limit={PageSize}&cursor={next}>; rel=\"next\""
                    ),
                ]
                : [];
        return AnswerJsonAsync(exchange, items.Skip(first).Take(PageSize), links);
    }

    private static object Describe(string path, TestHubFile file) =>
        file.IsLarge
            ? new
            {
                type = "file",
                oid = file.Oid,
                size = file.Bytes.Length,
                path,
                lfs = new
                {
                    oid = file.Sha256,
                    size = file.Bytes.Length,
                    pointerSize = file.PointerSize,
                },
                xetHash = file.XetHash,
            }
            : new
            {
                type = "file",
                oid = file.Oid,
                size = file.Bytes.Length,
                path,
            };

    private async Task AnswerFileAsync(
        HttpExchange exchange,
        TestHubRepository? repository,
        Match address,
        bool isCached
    )
    {
        if (await RefuseAsync(exchange, repository, HubGate.Files))
            return;
        if (repository!.Resolve(Unescape(address, "revision")) is not { } commit)
        {
            await RefuseAsync(exchange, 404, "RevisionNotFound", "Invalid rev id");
            return;
        }
        if (!repository.FilesOf(commit).TryGetValue(Unescape(address, "path"), out var file))
        {
            await RefuseAsync(exchange, 404, "EntryNotFound", "Entry not found", $"X-Repo-Commit: {commit}");
            return;
        }
        if (!SendsFilesItself && !isCached)
            await LeadAsync(exchange, repository, commit, address, file);
        else
            await exchange.AnswerPartAsync(
                Tamper(file.Bytes),
                $"X-Repo-Commit: {commit}",
                $"ETag: \"{(file.IsLarge ? file.Sha256 : file.Oid)}\"",
                $"X-Linked-Etag: \"{(file.IsLarge ? file.Sha256 : file.Oid)}\"",
                string.Create(CultureInfo.InvariantCulture, $"X-Linked-Size: {file.Bytes.Length}"),
                "Accept-Ranges: bytes"
            );
    }

    private Task LeadAsync(
        HttpExchange exchange,
        TestHubRepository repository,
        string commit,
        Match address,
        TestHubFile file
    )
    {
        if (!file.IsLarge)
            return exchange.AnswerAsync(
                307,
                $"X-Repo-Commit: {commit}",
                $"ETag: \"{file.Oid}\"",
                $"Location: /api/resolve-cache/{repository.Kind}/{repository.Id}/{commit}/{address.Groups["path"].Value}?etag=%22{file.Oid}%22"
            );
        _stored[file.XetHash] = file;
        var signature = string.Create(
            CultureInfo.InvariantCulture,
            $"{Signature}-{Interlocked.Increment(ref _signatures)}"
        );
        return exchange.AnswerAsync(
            302,
            $"X-Repo-Commit: {commit}",
            $"X-Linked-Etag: \"{file.Sha256}\"",
            string.Create(CultureInfo.InvariantCulture, $"X-Linked-Size: {file.Bytes.Length}"),
            $"X-Xet-Hash: {file.XetHash}",
            $"Location: {Elsewhere($"/xet-bridge-us/0123abcd/{file.XetHash}?Expires=1999999999&Signature={signature}&Key-Pair-Id=K")}"
        );
    }

    private async Task AnswerElsewhereAsync(HttpExchange exchange)
    {
        _headersElsewhere.Enqueue(exchange.Headers);
        if (
            StoredFile().Match(exchange.Target) is not { Success: true } address
            || !_stored.TryGetValue(address.Groups["hash"].Value, out var file)
        )
            await exchange.AnswerAsync(404);
        else if (_uses.AddOrUpdate(address.Groups["signature"].Value, 1, (_, uses) => uses + 1) > UsesPerAddress)
            await exchange.AnswerAsync(ExpiredStatus, "<Error><Code>AccessDenied</Code></Error>"u8.ToArray());
        else
            await exchange.AnswerPartAsync(
                Tamper(file.Bytes),
                $"ETag: \"{file.XetHash}\"",
                "Accept-Ranges: bytes",
                "Cache-Control: public, max-age=31536000"
            );
    }

    private async Task<bool> RefuseAsync(HttpExchange exchange, TestHubRepository? repository, HubGate gate)
    {
        var asks = exchange.Headers.GetValueOrDefault("Authorization");
        var isKnown = asks == $"Bearer {Token}";
        if (asks is not null && !isKnown)
            await RefuseAsync(exchange, 401, code: null, "Invalid credentials in Authorization header");
        else if (repository is null || (repository.IsPrivate && !isKnown))
            await RefuseAsync(
                exchange,
                isKnown ? 404 : 401,
                "RepoNotFound",
                isKnown ? "Repository not found" : "Invalid username or password."
            );
        else if (repository.IsDisabled)
            await RefuseAsync(exchange, 403, code: null, "Access to this resource is disabled.");
        else if (repository.Gate != HubGate.None && repository.Gate >= gate && !(isKnown && repository.LetsTokenIn))
            await RefuseAsync(
                exchange,
                isKnown ? 403 : 401,
                "GatedRepo",
                $"Access to model {repository.Id} is restricted."
            );
        else if (repository.RenamedTo is { } name)
            await exchange.AnswerAsync(
                307,
                $"Location: {exchange.Target.Replace($"/{repository.Id}/", $"/{name}/", StringComparison.Ordinal)}"
            );
        else
            return false;
        return true;
    }

    private Task RefuseAsync(
        HttpExchange exchange,
        int status,
        string? code,
        string message,
        params string[] headers
    ) =>
        exchange.AnswerAsync(
            status,
            [
                .. headers,
                .. code is not null && TellsCodes ? [$"X-Error-Code: {code}"] : (string[])[],
                .. TellsCodes || code is null ? [$"X-Error-Message: {message}"] : (string[])[],
            ]
        );

    private TestHubRepository? Find(Match address)
    {
        var kind = address.Groups["kind"].Value.TrimEnd('/');
        return _repositories.GetValueOrDefault($"{(kind.Length == 0 ? "models" : kind)}/{address.Groups["id"].Value}");
    }

    // By another name than the Hub's, although on the same machine.
    private string Elsewhere(string path) =>
        _files.Url(path).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    private static string Unescape(Match match, string group) => Uri.UnescapeDataString(match.Groups[group].Value);

    private static Task AnswerJsonAsync(HttpExchange exchange, object document, params string[] headers) =>
        exchange.AnswerAsync(
            200,
            JsonSerializer.SerializeToUtf8Bytes(document),
            ["Content-Type: application/json; charset=utf-8", "RateLimit: \"api\";r=499;t=300", .. headers]
        );

    [GeneratedRegex(
        "^/api/(?<kind>models|datasets|spaces)/(?<id>.+?)/(?<call>revision|tree|paths-info)/(?<revision>[^/]+)$",
        RegexOptions.None,
        MatchMilliseconds
    )]
    private static partial Regex ApiCall();

    [GeneratedRegex(
        "^/api/resolve-cache/(?<kind>models|datasets|spaces)/(?<id>.+?)/(?<revision>[0-9a-f]{40})/(?<path>.+)$",
        RegexOptions.None,
        MatchMilliseconds
    )]
    private static partial Regex CachedFile();

    [GeneratedRegex(
        "^/(?<kind>datasets/|spaces/)?(?<id>.+?)/resolve/(?<revision>[^/]+)/(?<path>.+)$",
        RegexOptions.None,
        MatchMilliseconds
    )]
    private static partial Regex ResolvedFile();

    [GeneratedRegex("/(?<hash>[0-9a-f]{64})\\?.*Signature=(?<signature>[^&]+)", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex StoredFile();

    [GeneratedRegex("[?&]cursor=(?<cursor>[0-9]+)", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex Cursor();
}

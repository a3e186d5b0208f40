using System.Collections.Concurrent;

namespace Larder.TestKit.Hub;

/// <summary>A Hugging Face Hub of a test's own, and beside it the file store that it leads to, under another host name.</summary>
/// <remarks>
/// Written by what the Hub's own clients expect of it: a revision is a commit, a commit a list in pages, a large file a
/// signed address elsewhere, a small one an address within; refusals have codes. It counts what is asked.
/// </remarks>
public sealed partial class TestHub : IAsyncDisposable
{
    /// <summary>The one access token that it knows.</summary>
    public const string Token = "hf_larder-canary-token";

    /// <summary>Part of each signature.</summary>
    public const string Signature = "larder-canary-signature";

    private const int MatchMilliseconds = 10_000;

    private readonly ConcurrentDictionary<string, TestHubRepository> _repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TestHubFile> _stored = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _headersElsewhere = new();
    private readonly ScriptedHttpServer _hub;
    private readonly ScriptedHttpServer _files;
    private int _signatures;
    private int _refusals;

    public TestHub()
    {
        _hub = new ScriptedHttpServer(AnswerAsync);
        _files = new ScriptedHttpServer(AnswerElsewhereAsync);
    }

    public Uri Endpoint => new(_hub.Url(""));

    /// <summary>What the Hub was asked, such as <c>GET /api/models/org/repo/revision/main</c>.</summary>
    public IReadOnlyList<string> Requests => _hub.Requests;

    /// <summary>What the file store was asked.</summary>
    public IReadOnlyList<string> RequestsElsewhere => _files.Requests;

    /// <summary>The headers of <see cref="RequestsElsewhere"/>.</summary>
    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> HeadersElsewhere => _headersElsewhere;

    public long BytesSent => _hub.BodyBytes + _files.BodyBytes;

    /// <summary>How many entries a page of a list has; 1000.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>How often a signed address is good; always.</summary>
    public int UsesPerAddress { get; set; } = int.MaxValue;

    /// <summary>What a signed address is answered with that is good no more; 403.</summary>
    public int ExpiredStatus { get; set; } = 403;

    /// <summary>Whether it sends all files itself, as simple mirrors do; false.</summary>
    public bool SendsFilesItself { get; set; }

    /// <summary>Whether refusals have codes; true.</summary>
    public bool TellsCodes { get; set; } = true;

    /// <summary>Where lists say that they go on; at this Hub.</summary>
    public string? NextPagesAt { get; set; }

    /// <summary>Makes other bytes of what is sent.</summary>
    public Func<byte[], byte[]> Tamper { get; set; } = bytes => bytes;

    /// <summary>Answers what a test says it does, before anything else is done; false lets the Hub answer.</summary>
    public Func<HttpExchange, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Adds a repository with nothing in it.</summary>
    public TestHubRepository Create(string id, string kind = "models") =>
        _repositories[$"{kind}/{id}"] = new TestHubRepository(kind, id);

    /// <summary>Answers so many requests with "too many", to be asked again after so many seconds.</summary>
    public void RefuseNext(int requests) => Volatile.Write(ref _refusals, requests);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _files.DisposeAsync();
    }

    private async Task AnswerAsync(HttpExchange exchange)
    {
        if (await Intercept(exchange))
            return;
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            await exchange.AnswerAsync(
                429,
                "RateLimit: \"api\";r=0;t=42",
                "RateLimit-Policy: \"fixed window\";\"api\";q=500;w=300",
                "Retry-After: 7"
            );
            return;
        }
        var path = exchange.Target.Split('?')[0];
        if (ApiCall().Match(path) is { Success: true } call)
            await AnswerApiAsync(exchange, call);
        else if (CachedFile().Match(path) is { Success: true } cached)
            await AnswerFileAsync(exchange, Find(cached), cached, isCached: true);
        else if (ResolvedFile().Match(path) is { Success: true } file)
            await AnswerFileAsync(exchange, Find(file), file, isCached: false);
        else
            await exchange.AnswerAsync(404);
    }
}

using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Keys;

// Two models of 40 MB each in 64 MB of memory: what is idle makes place.
await using var graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 64_000_000 });
graphs.Happened += (_, what) => Console.WriteLine($"  {what.Kind} {what.Reason}");
var sessions = new GraphKind<SessionOptions>("session", version: 1);

foreach (var model in new[] { "tiny-llm", "tiny-llm", "tiny-diffuser", "tiny-llm" })
{
    await using var lease = await graphs.RentAsync(
        Request(Digest.Of(System.Text.Encoding.UTF8.GetBytes(model)), new())
    );
    Console.WriteLine($"{model}: {(lease.FromCache ? "hit" : "miss")}, {lease.Graph.Options}");
}
var counts = graphs.Statistics;
Console.WriteLine($"{counts.Hits} hit, {counts.Misses} misses, {counts.TimeSaved.TotalSeconds:0.0} s saved");

// The key names all that a session depends on; the load reads the options from it, whatever becomes of the caller's object.
GraphRequest<Session> Request(Digest model, SessionOptions options) =>
    new(
        sessions.KeyOf(options, GraphModel.Of("model", model)),
        (load, token) => Session.LoadAsync(sessions.ConfigurationOf(load.Key), token)
    )
    {
        EstimatedSize = GraphSize.OfHost(40_000_000),
    };

internal sealed record SessionOptions(int Threads = 1);

internal sealed record Session(SessionOptions Options)
{
    public static async Task<Session> LoadAsync(SessionOptions options, CancellationToken token)
    {
        await Task.Delay(300, token); // Reads, optimises, compiles ...
        return new(options); // What is IAsyncDisposable or IDisposable is disposed when it goes.
    }
}

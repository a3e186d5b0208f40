using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Larder;
using Larder.Baking;
using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.TestHost;

// A process of its own for tests that need several, or that kill one. Every line on standard output is an event that has
// happened; 'ready' comes before the store is touched. A failure that Larder itself reports ends it with exit code 1 and the
// message on standard error; everything else that goes wrong is a crash.

var (verb, store) = (args[0], args[1]);
if (Environment.GetEnvironmentVariable(LyingLocks.Variable) == "1" && !LyingLocks.TryInstall())
    return LyingLocks.NotToBeHad;
Say("ready");
try
{
    await RunAsync();
}
catch (LarderException failure)
{
    await Console.Error.WriteLineAsync($"{failure.GetType().Name}: {failure.Message}");
    return 1;
}
return 0;

Task RunAsync() =>
    verb switch
    {
        "pull" => PullAsync(args[2], args.Length > 3 ? Enum.Parse<CommitStep>(args[3]) : null),
        "refresh" => RefreshAsync(args[2]),
        "hold" => HoldAsync(args[2]),
        "clear" => ClearAsync(
            args.Length > 2 ? ModelReference.Parse(args[2]) : null,
            args.Length > 3 ? Enum.Parse<CommitStep>(args[3]) : null
        ),
        "evict" => EvictAsync(),
        "derive" => DeriveAsync(args[2], args[3] == "Writing" ? null : Enum.Parse<CommitStep>(args[3])),
        "repair" => RepairAsync(),
        "read" => ReadAsync(args[2], int.Parse(args[3], CultureInfo.InvariantCulture)),
        "list" => ListAsync(),
        "bake" => BakeAsync(args[2], args[3], args.Length > 4 ? args[4] : null),
        "churn" => new Churn(store, args[2], int.Parse(args[3], CultureInfo.InvariantCulture), Say).RunAsync(
            repairsFirst: args.Length > 4
        ),
        "record" => RecordAsync(new Recorder(store), args[2], args[3]),
        "renew" => new Renewal(store, args[2], int.Parse(args[3], CultureInfo.InvariantCulture), Say).RunAsync(),
        _ => throw new ArgumentException($"Unknown verb '{verb}'."),
    };

// Recordings lie in a directory of their own, in the place of the store. Exits without disposing of anything.
Task RecordAsync(Recorder recorder, string what, string prompt)
{
    switch (what)
    {
        case "write":
            Say($"wrote {recorder.Record(prompt, args[4], replace: args[5] == "replace")}");
            break;
        case "die":
            recorder.Die(prompt);
            break;
        case "await-change":
            Say($"changed {recorder.AwaitChange(prompt, args[4], () => Say("reading"))}");
            break;
        case "probe":
            recorder.RequireWritable();
            break;
        case "find":
            Say($"found {recorder.Find(prompt)}");
            break;
        case "use":
            recorder.Use(prompt, dies: args[4] == "die");
            break;
        default:
            throw new ArgumentException($"Unknown verb 'record {what}'.");
    }
    return Task.CompletedTask;
}

async Task PullAsync(string reference, CommitStep? dieAfter)
{
    using var cache = OpenToDie(dieAfter);
    // Who is to die in a commit must not be satisfied with what another found a moment ago.
    var options = dieAfter is null ? null : new PullOptions { FreshFor = TimeSpan.Zero };
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference), options);
    Say($"pulled {snapshot.Digest} {snapshot.Outcome}");
}

// Makes a file from a model that is stored, and dies while it writes it or after a step of its commit.
async Task DeriveAsync(string reference, CommitStep? dieAfter)
{
    using var cache = OpenToDie(dieAfter);
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference), new PullOptions { Offline = true });
    var request = new JsonObject { ["kind"] = "derived", ["version"] = 1 };
    using var writer = await cache.TryWriteAsync(EntryKey.Of(request), sizeBytes: 6000);
    await File.WriteAllBytesAsync(Path.Combine(writer!.Path, "made.bin"), new byte[6000]);
    if (dieAfter is null)
        Process.GetCurrentProcess().Kill();
    await writer.CommitAsync(DerivedSource.Of(snapshot, TimeSpan.FromSeconds(1)));
}

async Task RefreshAsync(string reference)
{
    using var cache = Open();
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference), new PullOptions { Refresh = true });
    Say($"pulled {snapshot.Digest} {snapshot.Outcome}");
}

// Holds the lease until standard input ends, or until it is killed.
async Task HoldAsync(string reference)
{
    using var cache = Open();
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference));
    Say($"held {snapshot.Digest}");
    await Console.In.ReadToEndAsync();
}

async Task ClearAsync(ModelReference? reference, CommitStep? dieAfter)
{
    using var cache = OpenToDie(dieAfter);
    var result = await cache.ClearAsync(reference);
    Say($"cleared {result.RemovedEntries}");
}

// Evicts all that can be, again and again until standard input ends.
async Task EvictAsync()
{
    using var cache = Open();
    var end = Console.In.ReadToEndAsync();
    var evicted = 0;
    do evicted += (await cache.EvictAsync(new EvictOptions { ToBytes = 0 })).Removed.Count;
    while (!end.IsCompleted);
    Say($"evicted {evicted}");
}

async Task RepairAsync()
{
    using var cache = Open();
    var report = await cache.VerifyAsync(null, new VerifyOptions { Repair = true });
    if (report.IsWhole)
        Say($"repaired {report.Findings.Count}");
}

// Four readers; what they read they have compared.
async Task ReadAsync(string directory, int seed)
{
    using var cache = Open();
    var (read, refused) = await new Readers(cache, directory, seed).RunAsync(readers: 4, pulls: 25);
    Say($"read {read} {refused} {cache.GetStatistics().Cache.Evictions}");
}

// Bakes what is stored, on top of another image if there is one.
async Task BakeAsync(string reference, string output, string? baseArchive)
{
    using var cache = Open();
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference), new PullOptions { Offline = true });
    Say("baking");
    var result = await cache.BakeAsync(
        [new BakeModel(snapshot)],
        output,
        new BakeOptions { BaseArchive = baseArchive }
    );
    Say($"baked {result.Digest}");
}

Task ListAsync()
{
    using var cache = Open();
    Say($"listed {cache.List().Count} of {cache.GetStatistics().TotalModels}");
    return Task.CompletedTask;
}

ModelCache OpenToDie(CommitStep? dieAfter)
{
    var cache = Open();
    cache.StepReached = step =>
    {
        if (step == dieAfter)
            Process.GetCurrentProcess().Kill();
    };
    return cache;
}

ModelCache Open() =>
    new(
        new ModelCacheOptions
        {
            StorePath = store,
            CapacityBytes = Environment.GetEnvironmentVariable("LARDER_TEST_CAPACITY") is { } capacity
                ? long.Parse(capacity, CultureInfo.InvariantCulture)
                : null,
            Materialize = Enum.Parse<MaterializeMode>(
                Environment.GetEnvironmentVariable("LARDER_TEST_MATERIALIZE") ?? nameof(MaterializeMode.Auto)
            ),
        }
    );

static void Say(string line)
{
    Console.WriteLine(line);
    Console.Out.Flush();
}

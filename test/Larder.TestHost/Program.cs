using System.Diagnostics;
using System.Globalization;
using Larder;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestHost;

// A process of its own for tests that need several, or that kill one. Every line on standard output is an event that has
// happened; 'ready' comes before the store is touched.

var (verb, store) = (args[0], args[1]);
if (Environment.GetEnvironmentVariable(LyingLocks.Variable) == "1" && !LyingLocks.TryInstall())
    return LyingLocks.NotToBeHad;
Say("ready");
switch (verb)
{
    case "pull":
        await PullAsync(args[2], args.Length > 3 ? Enum.Parse<CommitStep>(args[3]) : null);
        break;
    case "hold":
        await HoldAsync(args[2]);
        break;
    case "clear":
        await ClearAsync();
        break;
    case "churn":
        await ChurnAsync(args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        break;
    default:
        throw new ArgumentException($"Unknown verb '{verb}'.");
}
return 0;

async Task PullAsync(string reference, CommitStep? dieAfter)
{
    using var cache = Open();
    cache.StepReached = step =>
    {
        if (step == dieAfter)
            Process.GetCurrentProcess().Kill();
    };
    using var snapshot = await cache.PullAsync(ModelReference.Parse(reference));
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

async Task ClearAsync()
{
    using var cache = Open();
    var result = await cache.ClearAsync(null);
    Say($"cleared {result.RemovedEntries}");
}

// Pulls and clears the models below a directory, in the order of a seed, for ever.
async Task ChurnAsync(string directory, int seed)
{
    using var cache = Open();
    var random = new Random(seed);
    var models = Directory.GetDirectories(directory).Order(StringComparer.Ordinal).ToList();
    while (true)
    {
        var model = models[random.Next(models.Count)];
        var reference = ModelReference.OfPath(model);
        if (random.Next(4) == 0)
        {
            Say($"clearing {Path.GetFileName(model)}");
            await cache.ClearAsync(reference);
        }
        else
        {
            using var snapshot = await cache.PullAsync(reference, new PullOptions { Refresh = random.Next(4) == 0 });
            Say($"pulled {Path.GetFileName(model)} {snapshot.Digest}");
        }
    }
}

ModelCache Open() => new(new ModelCacheOptions { StorePath = store });

static void Say(string line)
{
    Console.WriteLine(line);
    Console.Out.Flush();
}

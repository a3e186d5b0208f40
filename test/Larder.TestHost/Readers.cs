using Larder.Origins;
using Larder.Pull;
using Larder.Store;

namespace Larder.TestHost;

/// <summary>Several readers that pull models below a directory, compare all bytes with those there, and give the leases back.</summary>
/// <remarks>
/// A wrong byte or a missing file ends the process with a crash.
/// </remarks>
internal sealed class Readers(ModelCache cache, string directory, int seed)
{
    private readonly string[] _models = [.. Directory.GetDirectories(directory).Order(StringComparer.Ordinal)];
    private int _read;
    private int _refused;

    private static bool LocksLie => Environment.GetEnvironmentVariable(LyingLocks.Variable) == "1";

    /// <summary>Runs them to their end; returns what they read, and how often there was no room or another took it away.</summary>
    public async Task<(int Read, int Refused)> RunAsync(int readers, int pulls)
    {
        await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(() => ReadAsync(reader, pulls))));
        return (_read, _refused);
    }

    private async Task ReadAsync(int reader, int pulls)
    {
        var random = new Random(seed + reader);
        for (var pull = 0; pull < pulls; pull++)
        {
            var model = _models[random.Next(_models.Length)];
            var refused = _refused;
            try
            {
                using var snapshot = await cache.PullAsync(ModelReference.OfPath(model));
                await CompareAsync(snapshot, model);
                Interlocked.Increment(ref _read);
            }
            catch (NoRoomException full) when (full.CanFitLater)
            {
                Interlocked.Increment(ref _refused);
            }
            catch (StoreException evicted) when (MayFail(evicted))
            {
                Interlocked.Increment(ref _refused);
            }
            // So that the leases which are in the way come to their end, and others follow.
            if (refused != _refused)
                await Task.Delay(random.Next(20));
        }
    }

    // Where locks lie a pull may lose its files while it commits, and then it fails; what it hands out must be right.
    private static bool MayFail(StoreException evicted) =>
        evicted.Message.Contains("removed each time", StringComparison.Ordinal)
        || (LocksLie && evicted.InnerException is IOException { HResult: Posix.ENOENT } or FileNotFoundException);

    private async Task CompareAsync(Snapshot snapshot, string model)
    {
        foreach (var path in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var held = Path.Join(snapshot.Path, Path.GetRelativePath(model, path));
            var (actual, expected) = (await File.ReadAllBytesAsync(held), await File.ReadAllBytesAsync(path));
            if (!actual.SequenceEqual(expected))
                throw new InvalidOperationException($"'{held}' has other bytes than '{path}'.");
        }
    }
}

using Larder.Origins;
using Larder.Pull;
using Larder.Store.Scrub;

namespace Larder.TestHost;

/// <summary>Pulls, clears, evicts, pins and repairs the models below a directory, in the order of a seed, for ever.</summary>
/// <remarks>Whatever may change the store is announced before and acknowledged after.</remarks>
internal sealed class Churn(string store, string directory, int seed, Action<string> say)
{
    // Two of the models at least fit beside those that are pinned.
    private const int MostPins = 2;

    private readonly string[] _models = [.. Directory.GetDirectories(directory).Order(StringComparer.Ordinal)];
    private readonly Random _random = new(seed);
    private bool _isLimited;

    /// <summary>Runs until it is killed.</summary>
    /// <param name="repairsFirst">Whether it begins with a verification.</param>
    public async Task RunAsync(bool repairsFirst)
    {
        _isLimited = _random.Next(4) == 0;
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = store, CapacityBytes = _isLimited ? 4 * LargestBytes() : null }
        );
        if (repairsFirst)
            await VerifyAsync(cache);
        while (true)
            await StepAsync(cache, _models[_random.Next(_models.Length)]);
    }

    // Room for some of them and not for all.
    private long LargestBytes() =>
        _models.Max(model =>
            new DirectoryInfo(model).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        );

    private Task StepAsync(ModelCache cache, string model) =>
        _random.Next(20) switch
        {
            < 9 => PullAsync(cache, model),
            < 12 => ClearAsync(cache, model),
            < 15 => EvictAsync(cache),
            < 17 => PinAsync(cache, model),
            < 19 => UnpinAsync(cache, model),
            _ => VerifyAsync(cache),
        };

    private async Task PullAsync(ModelCache cache, string model)
    {
        if (_isLimited)
            say("evicting");
        say($"pulling {Path.GetFileName(model)}");
        using var snapshot = await cache.PullAsync(
            ModelReference.OfPath(model),
            new PullOptions { Refresh = _random.Next(4) == 0 }
        );
        say($"pulled {Path.GetFileName(model)} {snapshot.Digest}");
    }

    private async Task ClearAsync(ModelCache cache, string model)
    {
        say($"clearing {Path.GetFileName(model)}");
        await cache.ClearAsync(ModelReference.OfPath(model));
        say($"cleared {Path.GetFileName(model)}");
    }

    private async Task EvictAsync(ModelCache cache)
    {
        say("evicting");
        var result = await cache.EvictAsync(new EvictOptions { ToBytes = _random.Next(6) * 220_000 });
        say($"evicted {string.Join(' ', result.Removed.Select(reference => Path.GetFileName(reference)))}".TrimEnd());
    }

    private async Task PinAsync(ModelCache cache, string model)
    {
        var models = cache.List();
        var reference = ModelReference.OfPath(model);
        if (
            models.Count(stored => stored.Pinned) >= MostPins
            || models.All(stored => stored.Reference != reference.Text)
        )
            return;
        say($"pinning {Path.GetFileName(model)}");
        try
        {
            await cache.PinAsync(reference);
        }
        catch (NotCachedException)
        {
            // Another process cleared it since it was listed.
            say($"missed {Path.GetFileName(model)}");
            return;
        }
        say($"pinned {Path.GetFileName(model)}");
    }

    private Task UnpinAsync(ModelCache cache, string model)
    {
        say($"unpinning {Path.GetFileName(model)}");
        cache.Unpin(ModelReference.OfPath(model));
        say($"unpinned {Path.GetFileName(model)}");
        return Task.CompletedTask;
    }

    private async Task VerifyAsync(ModelCache cache)
    {
        say("verifying");
        var report = await cache.VerifyAsync(null, new VerifyOptions { Repair = true });
        if (report.IsWhole)
            say("verified");
    }
}

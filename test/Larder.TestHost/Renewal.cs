using Larder.Origins;
using Larder.Pull;
using Larder.Store;

namespace Larder.TestHost;

/// <summary>Pulls models, refreshes them to other versions and clears them, in the order of a seed, for ever.</summary>
/// <remarks>
/// Below the directory lie <c>versions/MODEL-VERSION</c> and links <c>models/MODEL</c> to one of them each. Whatever may
/// change the store is announced before and acknowledged after.
/// </remarks>
internal sealed class Renewal(string store, string directory, int seed, Action<string> say)
{
    private const int Models = 4;
    private const int Versions = 3;

    private readonly Random _random = new(seed);

    public async Task RunAsync()
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = store });
        while (true)
        {
            var model = _random.Next(Models);
            var reference = ModelReference.OfPath(Path.Join(directory, "models", $"{model}"));
            switch (_random.Next(8))
            {
                case 0:
                    say($"clearing {model}");
                    await cache.ClearAsync(reference);
                    say($"cleared {model}");
                    break;
                case < 3:
                    say($"pulling {model} {Present(model)}");
                    await PullAsync(cache, model, reference, refresh: false);
                    break;
                default:
                    say($"pulling {model} {Release(model)}");
                    await PullAsync(cache, model, reference, refresh: true);
                    break;
            }
        }
    }

    private async Task PullAsync(ModelCache cache, int model, ModelReference reference, bool refresh)
    {
        using var snapshot = await cache.PullAsync(reference, new PullOptions { Refresh = refresh });
        say($"pulled {model} {snapshot.Digest}");
    }

    private int Present(int model) => Path.GetFileName(File.ResolveLinkTarget(Link(model), false)!.FullName)[^1] - '0';

    private int Release(int model)
    {
        var version = _random.Next(Versions);
        File.CreateSymbolicLink(Link(model) + ".new", Path.Join(directory, "versions", $"{model}-{version}"));
        Posix.Rename(Link(model) + ".new", Link(model));
        return version;
    }

    private string Link(int model) => Path.Join(directory, "models", $"{model}");
}

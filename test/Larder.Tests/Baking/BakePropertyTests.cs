using System.Globalization;
using Larder.Baking;
using Larder.Content;
using Larder.Pull;
using Larder.TestKit;
using TarEntry = System.Formats.Tar.TarEntry;

namespace Larder.Tests.Baking;

/// <summary>Random models over random images, compared with how an engine would lay them out.</summary>
public sealed class BakePropertyTests : IDisposable
{
    private static readonly string[] Names = ["a", "b", "c", "opt", "models", "model", "x.y", "ü"];

    private readonly ITestOutputHelper _output;
    private readonly TestStore _store = new();

    public BakePropertyTests(ITestOutputHelper output) => _output = output;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bake_AnyModelOverAnyBase_IsThereAndTheBaseBesideIt()
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var turn = 0; turn < 25; turn++)
        {
            _output.WriteLine($"turn {turn}");
            await PutModelAsync(random);
            var layers = RandomLayers(random);
            var builder = new ImageBuilder();
            foreach (var layer in layers)
                builder.AddLayer(random.Next(2) == 0 ? "" : "+gzip", layer.Select(make => make()));
            builder.AddImage().Write(_store["base.tar"]);
            using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });
            BakeModel[] models = [new(snapshot)];
            var layout = (BakeLayout)random.Next(2);
            var path = random.Next(2) == 0 ? "/opt/models" : "/a/b";

            await _store.Cache.BakeAsync(
                models,
                _store["image.tar"],
                new BakeOptions
                {
                    Layout = layout,
                    Path = path,
                    BaseArchive = _store["base.tar"],
                },
                Cancellation
            );

            using var before = LaidOutImage.OfLayers(
                layers.Select(layer => ImageBuilder.Tar(layer.Select(make => make())))
            );
            using var after = LaidOutImage.Of(_store["image.tar"]);
            var check = await ImageCheck.RunAsync(
                _store["image.tar"],
                models,
                new ImageCheckOptions { Layout = layout, Path = path },
                Cancellation
            );
            Assert.True(check.IsSatisfied, string.Join('\n', check.Models[0].Findings));
            if (layout == BakeLayout.Files)
            {
                foreach (var file in snapshot.Manifest.Files)
                    Assert.Equal(
                        file.Digest,
                        Digest.Of(await File.ReadAllBytesAsync(after[$"{path}/model/{file.Path}"], Cancellation))
                    );
            }
            else
                using (
                    var lower = new ModelCache(
                        new ModelCacheOptions
                        {
                            StorePath = _store[string.Create(CultureInfo.InvariantCulture, $"upper-{turn}")],
                            LowerStorePath = after[path],
                        },
                        [_store.Origin]
                    )
                )
                    (
                        await lower.PullAsync(_store.Reference, new PullOptions { Offline = true }, Cancellation)
                    ).Dispose();
            foreach (var file in Files(before).Where(file => !IsBelow(file, path[1..]) && !IsBelow(path[1..], file)))
                Assert.Equal(
                    await File.ReadAllBytesAsync(before[file], Cancellation),
                    await File.ReadAllBytesAsync(after[file], Cancellation)
                );
        }
    }

    [Fact]
    public async Task Check_AnyLayersOverAnyOthers_SeesWhatAnEngineLaysOut()
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var verdicts = new int[2];
        for (var turn = 0; turn < 150; turn++)
        {
            await PutModelAsync(random);
            using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });
            List<Func<TarEntry>> model =
            [
                .. snapshot.Manifest.Files.Select(file =>
                    (Func<TarEntry>)(
                        () =>
                            TarEntries.File(
                                $"opt/models/model/{file.Path}",
                                File.ReadAllBytes(Path.Join(snapshot.Path, file.Path))
                            )
                    )
                ),
            ];
            var layers = RandomLayers(random);
            layers.Insert(random.Next(layers.Count + 1), model);
            var builder = new ImageBuilder();
            foreach (var layer in layers)
                builder.AddLayer(random.Next(2) == 0 ? "" : "+gzip", layer.Select(make => make()));
            builder.AddImage().Write(_store["image.tar"]);

            var check = await ImageCheck.RunAsync(_store["image.tar"], [new BakeModel(snapshot)], null, Cancellation);

            using var image = LaidOutImage.OfLayers(
                layers.Select(layer => ImageBuilder.Tar(layer.Select(make => make())))
            );
            var wrong = snapshot
                .Manifest.Files.Where(file =>
                {
                    var path = image[$"opt/models/model/{file.Path}"];
                    return !File.Exists(path) || Digest.Of(File.ReadAllBytes(path)) != file.Digest;
                })
                .ToList();
            Assert.True(
                wrong
                    .Select(file => $"/opt/models/model/{file.Path}")
                    .SequenceEqual(check.Models[0].Findings.Select(finding => finding.Path), StringComparer.Ordinal),
                $"turn {turn}"
            );
            Assert.Equal(wrong.Sum(file => file.SizeBytes), check.Models[0].BytesToDownload);
            verdicts[check.IsSatisfied ? 1 : 0]++;
        }
        _output.WriteLine($"{verdicts[1]} whole, {verdicts[0]} not");
        Assert.True(verdicts[0] > 0 && verdicts[1] > 0);
    }

    public void Dispose() => _store.Dispose();

    private Task PutModelAsync(Random random)
    {
        _store.Origin.ListsInstead = null;
        for (var file = 0; file < 4; file++)
            _store.Origin.Put(
                string.Create(CultureInfo.InvariantCulture, $"{Names[file]}/f{file}"),
                TestBytes.Of(random.Next(0, 3000), random.Next())
            );
        return Task.CompletedTask;
    }

    // Without links: an engine written for a test should not have to resolve them. They have tests of their own.
    private static List<List<Func<TarEntry>>> RandomLayers(Random random)
    {
        var layers = new List<List<Func<TarEntry>>>();
        for (var layer = random.Next(1, 5); layer > 0; layer--)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            var entries = new List<Func<TarEntry>>();
            for (var entry = random.Next(1, 8); entry > 0; entry--)
            {
                var name = string.Join(
                    '/',
                    Enumerable.Range(0, random.Next(1, 5)).Select(_ => Names[random.Next(Names.Length)])
                );
                // A layer has each name once, and nothing below what is no directory.
                if (
                    !names.Add(name)
                    || names.Any(other =>
                        IsBelow(other, name) && other != name || IsBelow(name, other) && other != name
                    )
                )
                {
                    names.Remove(name);
                    continue;
                }
                var bytes = TestBytes.Of(random.Next(0, 50), random.Next());
                entries.Add(
                    random.Next(6) switch
                    {
                        0 => () => TarEntries.Whiteout(name),
                        1 => () => TarEntries.Opaque(name),
                        2 => () => TarEntries.Directory(name),
                        _ => () => TarEntries.File(name, bytes),
                    }
                );
            }
            layers.Add(entries);
        }
        return layers;
    }

    private static bool IsBelow(string path, string directory) =>
        path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Files(LaidOutImage image) =>
        TestStore.Files(image.Root).Select(file => Path.GetRelativePath(image.Root, file));
}

using System.Diagnostics;
using Larder;
using Larder.Azure;
using Larder.Content;
using Larder.Derived;
using Larder.S3;
using Larder.Sharing;
using Larder.TestKit;
using Measuring;

namespace Peers;

/// <summary><c>share</c>: a model to a team's store and from it, in Ceph and in Azurite, beside rclone.</summary>
internal static class SharePart
{
    private const string Container = "team";
    private const double Limit = 1.25;

    public static async Task RunAsync(Setting setting)
    {
        await using (
            var ceph = await ServerScript.StartAsync("ceph.sh", setting.In("ceph"), CephPart.Key, CephPart.Secret)
        )
        {
            var url = ceph.Url.AbsoluteUri.TrimEnd('/');
            var remote = CephPart.Remote(url);
            await new Invocation("rclone", "mkdir", ":s3:team") { Environment = Clients.Rclone(remote) }.RunOnceAsync();
            // Where AWS's own library looks for them.
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", CephPart.Key);
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", CephPart.Secret);
            await MeasureAsync(
                setting,
                "Ceph",
                ":s3:team",
                remote,
                () =>
                    new S3SharedStore(
                        "s3://team/larder",
                        new S3OriginOptions
                        {
                            Endpoint = url,
                            PathStyle = true,
                            Region = "us-east-1",
                        }
                    )
            );
        }

        await new Invocation(Path.Join(Repository.Root, "eng", "azurite.sh"), "--install").RunOnceAsync();
        var account = AzuriteAccount.Larder;
        await using var azurite = await ServerScript.StartAsync(
            "azurite.sh",
            setting.In("azurite"),
            account.Name,
            account.Key
        );
        await account.CreateContainerAsync(azurite.Url, Container);
        await MeasureAsync(
            setting,
            "Azurite",
            $":azureblob:{Container}",
            // A signature of a whole account: this rclone knows no address of an account but Azure's own.
            new()
            {
                ["RCLONE_AZUREBLOB_SAS_URL"] = $"{new Uri(azurite.Url, account.Name).AbsoluteUri}?{account.Sign()}",
            },
            () =>
                new AzureSharedStore(
                    $"az://{account.Name}/{Container}/larder",
                    new AzureBlobOptions { ConnectionString = account.ConnectionString(azurite.Url) }
                )
        );
    }

    private static async Task MeasureAsync(
        Setting setting,
        string title,
        string remote,
        Dictionary<string, string> environment,
        Func<ISharedStore> open
    )
    {
        var output = setting.In("rclone");
        var mine = setting.In("store-mine");
        var key = await StoreAsync(setting, mine);
        var (up, down, upRatios, downRatios) = (new Samples(), new Samples(), new List<double>(), new List<double>());
        var there = $"{remote}/rclone";
        var send = new Invocation("rclone", "copy", "--transfers", "8", setting.Model, there)
        {
            Environment = Clients.Rclone(environment),
        };
        var fetch = new Invocation("rclone", "copy", "--transfers", "8", there, output)
        {
            Environment = Clients.Rclone(environment),
        };
        var purge = new Invocation("rclone", "purge", there) { Environment = Clients.Rclone(environment) };
        var purgeLarder = new Invocation("rclone", "purge", $"{remote}/larder")
        {
            Environment = Clients.Rclone(environment),
        };
        for (var round = 0; round < setting.Rounds; round++)
        {
            var theirs = await send.MeasureAsync();
            var sent = await TimeAsync(() => PublishAsync(mine, key, open));
            up.Add(sent);
            upRatios.Add(sent.TotalMilliseconds / theirs);

            var fetched = setting.In("store-fetched");
            foreach (var path in new[] { output, fetched }.Where(Directory.Exists))
                Directory.Delete(path, recursive: true);
            await new Invocation("sync").RunOnceAsync();
            theirs = await fetch.MeasureAsync();
            await new Invocation("sync").RunOnceAsync();
            var got = await TimeAsync(() => FetchAsync(fetched, key, open));
            down.Add(got);
            downRatios.Add(got.TotalMilliseconds / theirs);
            await purge.RunOnceAsync();
            await purgeLarder.RunOnceAsync();
        }
        var report = new Report($"A model shared through {title}", "median s", "least s", "MB/s", "times rclone");
        Row("rclone, up", send.Times, 1);
        Row("larder, published", up, Middle(upRatios));
        Row("rclone, down", fetch.Times, 1);
        Row("larder, fetched, verified and on the device", down, Middle(downRatios));
        report.Result("published, times rclone", Middle(upRatios), Limit);
        report.Result("fetched, times rclone", Middle(downRatios), Limit);
        report.Write(setting.In($"share-{title}.json"));

        void Row(string name, Samples times, double ratio) =>
            report.Row(name, times.Median / 1e3, times.Least / 1e3, setting.SizeBytes / 1e3 / times.Median, ratio);
    }

    /// <summary>The model as something that a pass has made.</summary>
    private static async Task<EntryKey> StoreAsync(Setting setting, string path)
    {
        var key = EntryKey.Of(
            new()
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["bench"] = "share",
            }
        );
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = path });
        if (cache.FindDerived(key) is not null)
            return key;
        using var writer =
            await cache.TryWriteAsync(key, setting.SizeBytes)
            ?? throw new InvalidDataException($"There is no room in {path}.");
        foreach (var file in Directory.EnumerateFiles(setting.Model))
            File.Copy(file, Path.Join(writer.Path, Path.GetFileName(file)));
        await writer.CommitAsync(new DerivedSource("bench", default, TimeSpan.FromSeconds(1)));
        return key;
    }

    private static async Task PublishAsync(string path, EntryKey key, Func<ISharedStore> open)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = path });
        var store = open();
        await using (var shared = new SharedCache(store))
        {
            var published = await cache.PublishAsync(shared, key, CancellationToken.None);
            if (published.Outcome != SharedOutcome.Published)
                throw new InvalidDataException($"It was not published: {published.Outcome}.");
        }
        (store as IDisposable)?.Dispose();
    }

    private static async Task FetchAsync(string path, EntryKey key, Func<ISharedStore> open)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = path });
        var store = open();
        await using (var shared = new SharedCache(store))
        {
            var entry = (await shared.FindAsync([key]))[0] ?? throw new InvalidDataException("It is not there.");
            var manifest =
                await shared.ReadManifestAsync(entry) ?? throw new InvalidDataException("It is not whole there.");
            var files = await cache.FetchAsync(
                shared,
                entry,
                manifest,
                new DerivedSource("bench", default, TimeSpan.FromSeconds(1)),
                progress: null,
                CancellationToken.None
            );
            (files ?? throw new InvalidDataException("It could not be fetched.")).Files.Dispose();
        }
        (store as IDisposable)?.Dispose();
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

using System.Globalization;
using Measuring;

namespace Peers;

/// <summary><c>nginx</c>: a model behind nginx, with its HTML index.</summary>
internal static class NginxPart
{
    private const double ColdLimit = 1.25;
    private const double ProofLimit = 0.7;
    private const double FreshLimitMilliseconds = 70;
    private const double RevalidationLimit = 2;
    private const int HotRounds = 4;

    public static async Task RunAsync(Setting setting)
    {
        await using var server = await NginxServer.StartAsync(setting);
        var remote = new Dictionary<string, string> { ["RCLONE_HTTP_URL"] = server.Url };
        var rclone = Clients.Rclone(setting, ":http:", remote);
        var proof = Clients.RcloneAndProof(setting, ":http:", remote);
        var larder = Contestant.Larder(setting, server.Url);
        var contest = new Contest([
            rclone,
            proof,
            Clients.Curl(setting, server.Files()),
            Clients.Aria2(setting, server.Files().Select(file => file.Url)),
            larder,
        ]);
        await contest.RunAsync(setting);

        var report = Contest.NewReport("A model behind nginx", rclone);
        contest.Rows(report, rclone, setting.SizeBytes);
        report.Result("cold pull, verified and synced, times rclone", contest.Ratio(larder, rclone), ColdLimit);
        report.Result(
            "cold pull, times rclone with SHA-256 and sync after it",
            contest.Ratio(larder, proof),
            ProofLimit
        );
        report.Write(setting.In("nginx.json"));

        report = new Report("The same model again", "median ms", "least ms", "times rclone");
        await HotAsync(setting, report, server.Url);
        await UpdateAsync(setting, report, server);
        report.Write(setting.In("nginx-again.json"));
    }

    /// <summary>Nothing to do: fresh, and asked again, beside rclone that finds all there.</summary>
    private static async Task HotAsync(Setting setting, Report report, string url)
    {
        var fresh = Contestant.Larder(setting, url).Command;
        var asked = Contestant.Larder(setting, url, options: "--refresh").Command;
        var remote = new Dictionary<string, string> { ["RCLONE_HTTP_URL"] = url };
        var again = Clients.Rclone(setting, ":http:", remote).Command;
        var ratios = new List<double>();
        for (var i = 0; i < HotRounds * setting.Rounds; i++)
        {
            await fresh.MeasureAsync();
            var one = await again.MeasureAsync();
            ratios.Add(await asked.MeasureAsync() / one);
        }
        foreach (
            var (name, one) in new[]
            {
                ("rclone copy", again),
                ("larder pull --refresh", asked),
                ("larder pull, fresh", fresh),
            }
        )
            report.Row(name, one.Times.Median, one.Times.Least, one.Times.Median / again.Times.Median);
        report.Result("fresh, median ms", fresh.Times.Median, FreshLimitMilliseconds);
        report.Result("asked again, times rclone again", ratios.Order().ElementAt(ratios.Count / 2), RevalidationLimit);
    }

    /// <summary>One of fifty files has changed: what nginx was asked for.</summary>
    private static async Task UpdateAsync(Setting setting, Report report, NginxServer server)
    {
        var changed = server.Change();
        var before = server.Log().Count;
        await Contestant.Larder(setting, server.Url, options: "--refresh").Command.RunOnceAsync();
        var asked = server.Log()[before..];
        var listings = asked.Count(request => request.Path.EndsWith('/'));
        var bytes = asked.Where(request => !request.Path.EndsWith('/')).Sum(request => request.Bytes);
        report.Result("one file changed: bytes beyond that file's, at the server", bytes - changed, 0);
        report.Result("one file changed: listings, at the server", listings, 1);
        report.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"One file changed: {asked.Count} requests, of which {asked.Count(request => request.Method == "HEAD")} HEAD, and {bytes} bytes of files."
            )
        );
    }
}

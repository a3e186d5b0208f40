using System.Globalization;

namespace Peers;

/// <summary><c>link</c>: a model behind nginx, at the far end of a long link.</summary>
internal static class LinkPart
{
    private const long BytesPerSecond = 1_000_000_000 / 8;
    private const double LeastShare = 0.9;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(40);

    public static async Task RunAsync(Setting setting)
    {
        await using var server = await NginxServer.StartAsync(setting);
        var near = new Uri(server.Url);
        await using var link = new LongLink(near.Port, BytesPerSecond, Delay);
        var url = $"http://127.0.0.1:{link.Port}{near.AbsolutePath}";
        var rclone = Clients.Rclone(setting, ":http:", new() { ["RCLONE_HTTP_URL"] = url });
        var larder = Contestant.Larder(setting, url);
        var contest = new Contest([rclone, larder]);
        await contest.RunAsync(setting);

        var report = Contest.NewReport("A link of 1 Gbit/s, 40 ms each way", rclone);
        contest.Rows(report, rclone, setting.SizeBytes);
        var seconds = (double)setting.SizeBytes / BytesPerSecond;
        // As a time, so that less is better here too.
        report.Result(
            "cold pull, times what the link takes",
            larder.Command.Times.Median / 1e3 / seconds,
            1 / LeastShare
        );
        report.Note(string.Create(CultureInfo.InvariantCulture, $"The bytes alone take the link {seconds:0.00} s."));
        report.Write(setting.In("link.json"));
    }
}

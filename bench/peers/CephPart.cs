using Larder.TestKit;
using Measuring;

namespace Peers;

/// <summary><c>ceph</c>: a model in a bucket of Ceph's gateway.</summary>
internal static class CephPart
{
    public const string Key = "larder";
    public const string Secret = "larder-canary-bench";
    private const string Place = "models/house-prices";

    public static async Task RunAsync(Setting setting)
    {
        await using var server = await ServerScript.StartAsync("ceph.sh", setting.In("ceph"), Key, Secret);
        var url = server.Url.AbsoluteUri.TrimEnd('/');
        var remote = Remote(url);
        var amazon = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = Key,
            ["AWS_SECRET_ACCESS_KEY"] = Secret,
            ["AWS_REGION"] = "us-east-1",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_ENDPOINT_URL_S3"] = url,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        await new Invocation("rclone", "copy", setting.Model, $":s3:{Place}")
        {
            Environment = Clients.Rclone(remote),
        }.RunOnceAsync();

        var rclone = Clients.Rclone(setting, $":s3:{Place}", remote);
        var output = setting.In("aws");
        var aws = new Contestant(
            "aws s3 cp",
            output,
            new Invocation(
                "aws",
                ["s3", "cp", "--recursive", "--only-show-errors", "--endpoint-url", url, $"s3://{Place}/", output]
            )
            {
                Environment = amazon,
            }
        );
        var larder = Contestant.Larder(setting, $"s3://{Place}/", amazon);
        var contest = new Contest([rclone, aws, larder]);
        await contest.RunAsync(setting);

        var report = Contest.NewReport("A model in Ceph", rclone);
        contest.Rows(report, rclone, setting.SizeBytes);
        report.Result("cold pull, times aws s3 cp --recursive", contest.Ratio(larder, aws), 1);
        report.Result("cold pull, times rclone", contest.Ratio(larder, rclone), 1);
        report.Write(setting.In("ceph.json"));
    }

    /// <summary>What rclone has to know of the gateway.</summary>
    public static Dictionary<string, string> Remote(string url) =>
        new()
        {
            ["RCLONE_S3_PROVIDER"] = "Ceph",
            ["RCLONE_S3_ENDPOINT"] = url,
            ["RCLONE_S3_ACCESS_KEY_ID"] = Key,
            ["RCLONE_S3_SECRET_ACCESS_KEY"] = Secret,
        };
}

using Larder.Ceph;

namespace Larder.IntegrationTests.Workflows;

/// <summary>A bucket of its own in the gateway that all tests share.</summary>
internal sealed class CephTeamStore(string url, string bucket) : ITeamStore
{
    public string Url => $"s3://{bucket}/team";

    public IReadOnlyList<string> Environment { get; } =
    [
        $"AWS_ENDPOINT_URL={url}",
        $"AWS_ACCESS_KEY_ID={S3Gateway.AccessKey}",
        $"AWS_SECRET_ACCESS_KEY={S3Gateway.SecretKey}",
        "AWS_REGION=us-east-1",
        "AWS_EC2_METADATA_DISABLED=true",
    ];

    public static async Task<CephTeamStore> StartAsync(S3Gateway gateway)
    {
        await gateway.RunningAsync();
        return new CephTeamStore(gateway.Url, await gateway.NewBucketAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

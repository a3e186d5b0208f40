using Amazon.Runtime;
using Larder.Ceph;
using Larder.OriginConformance;
using Larder.Origins;

namespace Larder.S3.Tests;

/// <summary>A bucket of one test's own on the gateway, or a prefix in it.</summary>
internal sealed class S3Site : OriginSite
{
    private readonly S3Gateway _gateway;
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly S3Origin _origin;
    private readonly S3Origin _stranger;
    private readonly S3Origin _unreachable;

    private S3Site(S3Gateway gateway, string bucket, string prefix)
    {
        (_gateway, _bucket, _prefix) = (gateway, bucket, prefix);
        _origin = Connect(gateway.Url);
        _stranger = Connect(gateway.Url, secretKey: "larder-canary-other-key");
        _unreachable = Connect("http://127.0.0.1:1");
        Reference = At($"{_bucket}/{_prefix}");
    }

    public override IOrigin Origin => _origin;

    public override ModelReference Reference { get; }

    public override IReadOnlyList<ModelReference> Missing =>
        [
            At("no-such-bucket/"),
            At("no-such-bucket/key"),
            At($"{_bucket}/no-such-prefix/"),
            At($"{_bucket}/no-such-key"),
        ];

    public override (IOrigin Origin, ModelReference Reference)? Stranger => (_stranger, Reference);

    public override (IOrigin Origin, ModelReference Reference)? Unreachable => (_unreachable, Reference);

    public override IReadOnlyList<string> Secrets => ["larder-canary"];

    public static async Task<OriginSite> CreateAsync(S3Gateway gateway, string prefix)
    {
        await gateway.RunningAsync();
        return new S3Site(gateway, await gateway.NewBucketAsync(), prefix);
    }

    /// <summary>An origin with keys of a test's choice, where the SDK would look for the user's.</summary>
    public static S3Origin Connect(
        string endpoint,
        string accessKey = S3Gateway.AccessKey,
        string secretKey = S3Gateway.SecretKey,
        S3OriginOptions? options = null
    )
    {
        options ??= new S3OriginOptions();
        options.Endpoint = endpoint;
        options.Credentials = new BasicAWSCredentials(accessKey, secretKey);
        return new S3Origin(options);
    }

    public override Task PutAsync(string path, byte[] bytes) => _gateway.PutAsync(_bucket, _prefix + path, bytes);

    public override Task DeleteAsync(string path) => _gateway.Client.DeleteObjectAsync(_bucket, _prefix + path);

    public override ValueTask DisposeAsync()
    {
        _origin.Dispose();
        _stranger.Dispose();
        _unreachable.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ModelReference At(string path) =>
        ModelReference.Parse("s3://" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));
}

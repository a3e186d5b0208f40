using Amazon.Runtime;
using Larder.Ceph;
using Larder.SharedStoreConformance;
using Larder.Sharing;

namespace Larder.S3.Tests;

/// <summary>A bucket of one test's own on the gateway, or a prefix in it, as a shared store.</summary>
internal sealed class S3StoreSite : SharedStoreSite
{
    private readonly List<S3SharedStore> _stores = [];

    private S3StoreSite(S3Gateway gateway, string bucket, string prefix)
    {
        var location = $"s3://{bucket}{prefix}";
        Store = Open(location, gateway.Url);
        Elsewhere = Open(location + "/", gateway.Url);
        Missing = Open($"s3://no-such-bucket{prefix}", gateway.Url);
        Stranger = Open(location, gateway.Url, secretKey: "larder-canary-other-key");
        Unreachable = Open(location, "http://127.0.0.1:1");
    }

    public override ISharedStore Store { get; }

    public override ISharedStore Elsewhere { get; }

    public override ISharedStore Missing { get; }

    public override ISharedStore? Stranger { get; }

    public override ISharedStore? Unreachable { get; }

    public override IReadOnlyList<string> Secrets => ["larder-canary"];

    public override int MoreThanAPage => 35;

    public static async Task<SharedStoreSite> CreateAsync(S3Gateway gateway, string prefix)
    {
        await gateway.RunningAsync();
        return new S3StoreSite(gateway, await gateway.NewBucketAsync(), prefix);
    }

    /// <summary>A store with keys of a test's choice, where the SDK would look for the user's.</summary>
    public static S3SharedStore Connect(
        string location,
        string endpoint,
        string secretKey = S3Gateway.SecretKey,
        S3OriginOptions? options = null
    )
    {
        options ??= new S3OriginOptions();
        options.Endpoint = endpoint;
        options.Credentials = new BasicAWSCredentials(S3Gateway.AccessKey, secretKey);
        return new S3SharedStore(location, options) { ListPageSize = 10 };
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            store.Dispose();
        return ValueTask.CompletedTask;
    }

    private S3SharedStore Open(string location, string endpoint, string secretKey = S3Gateway.SecretKey)
    {
        var store = Connect(location, endpoint, secretKey);
        _stores.Add(store);
        return store;
    }
}

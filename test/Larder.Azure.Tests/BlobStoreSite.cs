using System.Text;
using Larder.SharedStoreConformance;
using Larder.Sharing;

namespace Larder.Azure.Tests;

/// <summary>A container of Azurite's, or a prefix in it, as a shared store.</summary>
internal sealed class BlobStoreSite : SharedStoreSite
{
    private readonly List<AzureSharedStore> _stores = [];

    private BlobStoreSite(BlobAdministrator azurite, string container, string prefix)
    {
        var location = $"az://{Azurite.Account}/{container}{prefix}";
        var wrong = Convert.ToBase64String(Encoding.ASCII.GetBytes("larder-canary: another key"));
        var nobody = new Uri("http://127.0.0.1:1/" + Azurite.Account);
        Secrets = [Azurite.Key, wrong, "larder-canary"];
        Store = Open(location, azurite.ConnectionString());
        Elsewhere = Open(location + "/", azurite.ConnectionString());
        Missing = Open($"az://{Azurite.Account}/no-such-container{prefix}", azurite.ConnectionString());
        Stranger = Open(location, azurite.ConnectionString(wrong));
        Unreachable = Open(location, azurite.ConnectionString(at: nobody));
    }

    public override ISharedStore Store { get; }

    public override ISharedStore Elsewhere { get; }

    public override ISharedStore Missing { get; }

    public override ISharedStore? Stranger { get; }

    public override ISharedStore? Unreachable { get; }

    public override IReadOnlyList<string> Secrets { get; }

    public override int MoreThanAPage => 35;

    public static async Task<SharedStoreSite> CreateAsync(Azurite azurite, string prefix)
    {
        var account = await azurite.StartAsync();
        return new BlobStoreSite(account, await account.NewContainerAsync(), prefix);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            store.Dispose();
        return ValueTask.CompletedTask;
    }

    private AzureSharedStore Open(string location, string connection)
    {
        var store = new AzureSharedStore(location, new AzureBlobOptions { ConnectionString = connection })
        {
            ListPageSize = 10,
        };
        _stores.Add(store);
        return store;
    }
}

using System.Text;
using Larder.OriginConformance;
using Larder.Origins;

namespace Larder.Azure.Tests;

/// <summary>A container of Azurite's, read as the test says.</summary>
internal sealed class BlobSite : OriginSite
{
    private readonly BlobAdministrator _azurite;
    private readonly string _container;
    private readonly string _prefix;
    private readonly string _query;
    private readonly AzureBlobOrigin _origin;
    private readonly AzureBlobOrigin _stranger;
    private readonly AzureBlobOrigin _unreachable;
    private readonly List<string> _containers;

    private BlobSite(BlobAdministrator azurite, string container, string emptyContainer, string prefix, bool isSigned)
    {
        _azurite = azurite;
        _container = container;
        _containers = [container, emptyContainer];
        _prefix = prefix;
        var signature = BlobAdministrator.Sign(container, DateTimeOffset.UtcNow.AddHours(1));
        _query = isSigned ? "?" + signature : "";
        var nobody = new Uri("http://127.0.0.1:1/" + Azurite.Account);
        if (isSigned)
        {
            Secrets = [signature[(signature.IndexOf("sig=", StringComparison.Ordinal) + 4)..]];
            _origin = Open(new AzureBlobOptions { ConnectionString = null, AccountUrl = azurite.Endpoint });
            _stranger = _origin;
            _unreachable = Open(new AzureBlobOptions { ConnectionString = null, AccountUrl = nobody });
            return;
        }
        Secrets = [Azurite.Key, "larder-canary"];
        var wrong = Convert.ToBase64String(Encoding.ASCII.GetBytes("larder-canary: another key"));
        _origin = Open(new AzureBlobOptions { ConnectionString = azurite.ConnectionString() });
        _stranger = Open(new AzureBlobOptions { ConnectionString = azurite.ConnectionString(wrong) });
        _unreachable = Open(new AzureBlobOptions { ConnectionString = azurite.ConnectionString(at: nobody) });
    }

    public override IOrigin Origin => _origin;

    public override ModelReference Reference => At(_container, _prefix);

    public override IReadOnlyList<ModelReference> Missing =>
        _query.Length > 0
            ? [At(_container, "missing/"), At(_container, "missing.bin")]
            :
            [
                At("no-such-container", ""),
                At("no-such-container", "model.bin"),
                At(_container, "missing/"),
                At(_container, "missing.bin"),
                At(_containers[1], ""),
            ];

    public override (IOrigin Origin, ModelReference Reference)? Stranger =>
        _query.Length > 0
            ? (
                _stranger,
                ModelReference.Parse(
                    $"az://{Azurite.Account}/{_container}/{_prefix}?{BlobAdministrator.Sign(_containers[1], DateTimeOffset.UtcNow.AddHours(1))}"
                )
            )
            : (_stranger, Reference);

    public override (IOrigin Origin, ModelReference Reference)? Unreachable => (_unreachable, Reference);

    public override IReadOnlyList<string> Secrets { get; }

    public static async Task<OriginSite> CreateAsync(Azurite azurite, string prefix, bool isSigned)
    {
        var account = await azurite.StartAsync();
        return new BlobSite(
            account,
            await account.NewContainerAsync(),
            await account.NewContainerAsync(),
            prefix,
            isSigned
        );
    }

    public override Task PutAsync(string path, byte[] bytes) => _azurite.PutAsync(_container, _prefix + path, bytes);

    public override Task DeleteAsync(string path) => _azurite.DeleteAsync(_container, _prefix + path);

    public override ValueTask DisposeAsync()
    {
        _origin.Dispose();
        _stranger.Dispose();
        _unreachable.Dispose();
        return ValueTask.CompletedTask;
    }

    private static AzureBlobOrigin Open(AzureBlobOptions options) => new(options);

    private ModelReference At(string container, string path) =>
        ModelReference.Parse($"az://{Azurite.Account}/{container}/{path}{_query}");
}

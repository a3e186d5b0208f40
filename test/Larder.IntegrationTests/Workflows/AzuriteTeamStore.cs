using Larder.TestKit;

namespace Larder.IntegrationTests.Workflows;

/// <summary>A container in an Azurite of its own.</summary>
internal sealed class AzuriteTeamStore : ITeamStore
{
    private const string Container = "team";
    private static readonly AzuriteAccount Account = AzuriteAccount.Larder;

    private readonly TempDirectory _directory = new();
    private ServerScript? _server;

    public string Url => $"az://{Account.Name}/{Container}/models";

    public IReadOnlyList<string> Environment =>
        [$"AZURE_STORAGE_CONNECTION_STRING={Account.ConnectionString(_server!.Url)}"];

    public static async Task<AzuriteTeamStore> StartAsync()
    {
        var store = new AzuriteTeamStore();
        store._server = await ServerScript.StartAsync(
            "azurite.sh",
            store._directory["azurite"],
            Account.Name,
            Account.Key
        );
        await Account.CreateContainerAsync(store._server.Url, Container);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }
}

namespace Larder.IntegrationTests.Workflows;

public sealed class AzuriteRunTests : TeamRunTests
{
    private protected override async Task<ITeamStore> StartAsync() => await AzuriteTeamStore.StartAsync();
}

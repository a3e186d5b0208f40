namespace Larder.IntegrationTests.Workflows;

public sealed class DirectoryRunTests : TeamRunTests
{
    private protected override Task<ITeamStore> StartAsync() => Task.FromResult<ITeamStore>(new DirectoryTeamStore());
}

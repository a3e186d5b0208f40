using Larder.Ceph;

namespace Larder.IntegrationTests.Workflows;

public sealed class CephRunTests(S3Gateway gateway) : TeamRunTests
{
    private protected override async Task<ITeamStore> StartAsync() => await CephTeamStore.StartAsync(gateway);
}

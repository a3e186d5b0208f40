using Larder.TestKit;

namespace Larder.IntegrationTests.Workflows;

internal sealed class DirectoryTeamStore : ITeamStore
{
    private readonly TempDirectory _directory = new();

    public string Url => new Uri(_directory["team"]).AbsoluteUri;

    public IReadOnlyList<string> Environment => [];

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}

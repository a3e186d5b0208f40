namespace Larder.IntegrationTests.Workflows;

/// <summary>A team's store on a server that runs, as the command's users have it.</summary>
internal interface ITeamStore : IAsyncDisposable
{
    /// <summary>Where it is, as the configuration has it.</summary>
    string Url { get; }

    /// <summary>What the environment says of it.</summary>
    IReadOnlyList<string> Environment { get; }
}

using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Http;

/// <summary>What the tests of routes have in common: a directory of their own and servers that end with the test.</summary>
public abstract class ServerTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<RunningServer> _servers = [];

    /// <summary>The directory of the server's store.</summary>
    protected string StorePath => _directory["store"];

    /// <summary>A path in the test's directory.</summary>
    protected string At(string name) => _directory[name];

    /// <summary>A directory with the files of a sample, for a test to change.</summary>
    protected string Origin(string name, string sample)
    {
        var path = Directory.CreateDirectory(_directory[name]).FullName;
        foreach (var file in Directory.EnumerateFiles(RunningServer.Sample(sample)))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)), overwrite: true);
        return path;
    }

    private protected async Task<RunningServer> StartAsync(params ServedModel[] models)
    {
        var server = await RunningServer.StartAsync(StorePath, models);
        _servers.Add(server);
        return server;
    }

    private protected async Task<RunningServer> StartAsync(
        LarderConfiguration configuration,
        ILoggerProvider? log = null
    )
    {
        configuration.Store.StorePath = StorePath;
        var server = await RunningServer.StartAsync(configuration, log);
        _servers.Add(server);
        return server;
    }

    private protected Task<RunningServer> StartWithPricesAsync() =>
        StartAsync(RunningServer.Model("prices", RunningServer.Sample("house-prices/v1")));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var server in _servers)
            await server.DisposeAsync();
        _directory.Dispose();
    }
}

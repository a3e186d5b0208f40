using Larder.Server;
using Larder.Server.Configuration;
using Microsoft.Extensions.Hosting;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Server</c>.</summary>
internal static class ServerPage
{
    public static async Task RunAsync(string[] args)
    {
        // larder.json, or the file that LARDER_CONFIG names: {"models": {"house": {"from": "file:///srv/models/house/"}}}
        await using var app = LarderServer.Build(ConfigurationLoader.Load(), args.FirstOrDefault());
        await app.StartAsync();
        Console.WriteLine($"Look at {app.Urls.First()}/ in a browser, or ask {app.Urls.First()}/api/models");
        await app.WaitForShutdownAsync();
    }
}

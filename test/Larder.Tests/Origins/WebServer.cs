using Larder.OriginConformance;
using Larder.TestKit;

namespace Larder.Tests.Origins;

/// <summary>A real web server for the tests of one class.</summary>
public abstract class WebServer(string script) : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private ServerScript? _server;

    /// <summary>Where it answers.</summary>
    public Uri Url => _server!.Url;

    /// <summary>The directory that it serves.</summary>
    public string Root => _directory["root"];

    /// <summary>A place with nothing in it, for one user only.</summary>
    public OriginSite NewSite(string location) => new HttpSite(_server!, Root, location);

    public async ValueTask InitializeAsync()
    {
        // Apache works as somebody else when root starts it.
        Directory.CreateDirectory(Root);
        foreach (var directory in new[] { _directory.Path, Root })
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        _server = await ServerScript.StartAsync(script, _directory["server"], Root, HttpSite.User, HttpSite.Password);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}

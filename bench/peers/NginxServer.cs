using System.Globalization;
using Larder.TestKit;

namespace Peers;

/// <summary>nginx with a model that may change, and what it was asked for.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly ServerScript _script;
    private readonly string _root;
    private readonly string _log;

    private NginxServer(ServerScript script, string root, string log) => (_script, _root, _log) = (script, root, log);

    /// <summary>Where the model is, with an index.</summary>
    public string Url => $"{_script.Url.AbsoluteUri}html/";

    public static async Task<NginxServer> StartAsync(Setting setting)
    {
        var root = setting.In("origin");
        Directory.CreateDirectory(root);
        foreach (var path in Directory.EnumerateFiles(setting.Model))
            File.Copy(path, Path.Combine(root, Path.GetFileName(path)));
        var directory = setting.In("nginx");
        var script = await ServerScript.StartAsync("nginx.sh", directory, root, "nobody", "nothing");
        return new NginxServer(script, root, Path.Combine(directory, "access"));
    }

    /// <summary>The address and name of each file.</summary>
    public IEnumerable<(string Url, string Path)> Files() =>
        Directory.EnumerateFiles(_root).Select(path => Path.GetFileName(path)).Select(name => ($"{Url}{name}", name));

    /// <summary>Gives the smallest file other bytes; returns how many.</summary>
    public long Change()
    {
        var file = new DirectoryInfo(_root).EnumerateFiles().OrderBy(file => file.Length).First();
        var bytes = File.ReadAllBytes(file.FullName);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file.FullName, bytes);
        return bytes.Length;
    }

    /// <summary>All that it has answered so far.</summary>
    public List<Request> Log() =>
        [
            .. File.ReadLines(_log)
                .Select(line => line.Split(' '))
                .Select(part => new Request(part[0], part[3], long.Parse(part[2], CultureInfo.InvariantCulture))),
        ];

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    /// <summary>A request that was answered.</summary>
    /// <param name="Method">Such as GET.</param>
    /// <param name="Path">What it asked for.</param>
    /// <param name="Bytes">The body's, as they were sent.</param>
    internal sealed record Request(string Method, string Path, long Bytes);
}

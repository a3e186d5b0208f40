using System.Text;
using Larder.OriginConformance;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Tests.Origins;

/// <summary>A directory of a real server that lets one user in, and a path of it for each test.</summary>
/// <param name="server">The server; it serves what is below <paramref name="root"/>.</param>
/// <param name="root">A directory of this machine.</param>
/// <param name="location">Where the server shows it, such as <c>/locked/html/</c>.</param>
internal sealed class HttpSite(ServerScript server, string root, string location) : OriginSite
{
    public const string User = "reader";
    public const string Password = "larder-canary";

    private static long _puts;

    private readonly DirectoryInfo _local = Directory.CreateDirectory(Path.Join(root, $"{Guid.NewGuid():n}"));
    private readonly HttpOrigin _origin = new();

    public override IOrigin Origin => _origin;

    public override ModelReference Reference => At($"{User}:{Password}@", server.Url.Port, "model/");

    public override IReadOnlyList<ModelReference> Missing
    {
        get
        {
            _local.CreateSubdirectory("empty");
            return
            [
                At($"{User}:{Password}@", server.Url.Port, "missing/"),
                At($"{User}:{Password}@", server.Url.Port, "missing/model.bin"),
                At($"{User}:{Password}@", server.Url.Port, "empty/"),
            ];
        }
    }

    public override (IOrigin Origin, ModelReference Reference)? Stranger =>
        (_origin, At($"{User}:not-{Password}@", server.Url.Port, "model/"));

    // Nobody listens there without being root.
    public override (IOrigin Origin, ModelReference Reference)? Unreachable =>
        (_origin, At($"{User}:{Password}@", 1, "model/"));

    public override IReadOnlyList<string> Secrets =>
        [Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))];

    public override async Task PutAsync(string path, byte[] bytes)
    {
        var file = Path.Join(_local.FullName, "model", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, bytes);
        // nginx marks a file by its length and the second of its last change: another version is one of another second.
        var second = Interlocked.Increment(ref _puts);
        File.SetLastWriteTimeUtc(file, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second));
    }

    public override Task DeleteAsync(string path)
    {
        File.Delete(Path.Join(_local.FullName, "model", path));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _origin.Dispose();
        _local.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private ModelReference At(string user, int port, string path) =>
        ModelReference.Parse(
            FormattableString.Invariant($"http://{user}127.0.0.1:{port}{location}{_local.Name}/{path}")
        );
}

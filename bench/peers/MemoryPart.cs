using Measuring;

namespace Peers;

/// <summary><c>memory</c>: the most memory that the pull of one large file takes.</summary>
internal static class MemoryPart
{
    private const double LimitMegabytes = 128;

    public static async Task RunAsync(Setting setting)
    {
        await using var server = await NginxServer.StartAsync(setting);
        var larder = Contestant.Larder(setting, server.Url);
        var report = new Report("Memory of a large pull", "MB", "bytes pulled");
        var most = await larder.Command.MemoryAsync(setting.Work);
        larder.ThrowIfIncomplete(setting.SizeBytes);
        report.Row("larder pull", most, setting.SizeBytes);
        report.Result("most MB", most, LimitMegabytes);
        report.Write(setting.In("memory.json"));
    }
}

using System.Globalization;
using System.Text;
using Measuring;

namespace Peers;

/// <summary>The other commands, as their users would call them for many large files.</summary>
internal static class Clients
{
    private const int Connections = 8;

    /// <summary>rclone, which compares sizes and not bytes where the server names no checksum.</summary>
    public static Contestant Rclone(Setting setting, string remote, Dictionary<string, string> environment)
    {
        var output = setting.In("rclone");
        return new Contestant(
            "rclone",
            output,
            new Invocation("rclone", "copy", "--transfers", Text(Connections), remote, output)
            {
                Environment = Rclone(environment),
            }
        );
    }

    /// <summary>rclone, and then what makes its files as certain as Larder's: a digest of each, and all on the device.</summary>
    public static Contestant RcloneAndProof(Setting setting, string remote, Dictionary<string, string> environment)
    {
        var output = setting.In("rclone-proof");
        // The fastest digests there are in a shell: a process for each file, as many at once as there are cores.
        var script =
            $"rclone copy --transfers {Connections} '{remote}' '{output}' && cd '{output}'"
            + $" && find . -type f -printf '%s %p\\n' | sort -rn | cut -d ' ' -f 2 | xargs -P {Environment.ProcessorCount} -n 1 openssl dgst -sha256"
            + " && find . -type f -exec sync {} +";
        return new Contestant(
            "rclone, openssl dgst, sync",
            output,
            new Invocation("bash", "-c", script) { Environment = Rclone(environment) }
        );
    }

    /// <summary>curl, eight transfers at once.</summary>
    public static Contestant Curl(Setting setting, IEnumerable<(string Url, string Path)> files)
    {
        var output = setting.In("curl");
        var list = new StringBuilder();
        foreach (var (url, path) in files)
            list.Append(CultureInfo.InvariantCulture, $"url = \"{url}\"\noutput = \"{output}/{path}\"\n");
        var config = setting.In("curl.config");
        File.WriteAllText(config, list.ToString());
        return new Contestant(
            "curl",
            output,
            new Invocation(
                "curl",
                ["-s", "-S", "--fail", "-Z", "--parallel-max", Text(Connections), "--create-dirs", "--config", config]
            )
        );
    }

    /// <summary>aria2, eight files at once.</summary>
    public static Contestant Aria2(Setting setting, IEnumerable<string> urls)
    {
        var output = setting.In("aria2");
        var list = setting.In("aria2.list");
        File.WriteAllLines(list, urls);
        return new Contestant(
            "aria2",
            output,
            new Invocation("aria2c", "-q", "-j", Text(Connections), "--file-allocation=none", "-i", list, "-d", output)
        );
    }

    /// <summary>Environment of an rclone that knows nothing but this.</summary>
    public static Dictionary<string, string> Rclone(Dictionary<string, string> environment) =>
        new(environment) { ["RCLONE_CONFIG"] = "/dev/null", ["AWS_CA_BUNDLE"] = "" };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

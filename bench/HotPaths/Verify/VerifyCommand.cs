using System.CommandLine;
using System.Globalization;
using Measuring;

namespace HotPaths.Verify;

/// <summary><c>verify</c>: the command as a process beside openssl on the same files, all of them in the page cache.</summary>
internal static class VerifyCommand
{
    private const double RatioLimit = 1.2;
    private const double MemoryLimitMegabytes = 150;

    public static Command Create()
    {
        var larder = Path("--larder", "The published command");
        var model = Path("--model", "The directory of the model");
        var work = Path("--work", "A directory for the store and the results");
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "Runs of each command" };
        var command = new Command("verify", "A verification as a whole process") { larder, model, work, rounds };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(work),
                    parsed.GetValue(rounds)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string larder, string model, string work, int rounds)
    {
        var store = System.IO.Path.GetFullPath(System.IO.Path.Combine(work, "store"));
        Directory.CreateDirectory(work);
        await new Invocation(
            larder,
            "pull",
            System.IO.Path.GetFullPath(model),
            "--store",
            store,
            "--refresh"
        ).MeasureAsync();
        var blobs = Directory
            .GetFiles(System.IO.Path.Combine(store, "blobs"), "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".crc32c", StringComparison.Ordinal))
            .ToList();
        var verify = new Invocation(larder, "verify", "--store", store);
        var openssl = new Invocation("bash", "-c", Digests(store));
        // Once each, so that both find the files in memory.
        await openssl.RunOnceAsync();
        await verify.RunOnceAsync();
        var ratios = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var one = await openssl.MeasureAsync();
            ratios.Add(await verify.MeasureAsync() / one);
        }

        var bytes = blobs.Sum(path => new FileInfo(path).Length);
        var report = new Report("Verify, beside openssl", "median ms", "least ms", "MB/s");
        foreach (var (name, one) in new[] { ("openssl dgst -sha256", openssl), ("larder verify", verify) })
            report.Row(name, one.Times.Median, one.Times.Least, bytes / 1e3 / one.Times.Median);
        report.Result("larder verify, times openssl", ratios.Order().ElementAt(ratios.Count / 2), RatioLimit);
        report.Result("larder verify, most MB", await verify.MemoryAsync(work), MemoryLimitMegabytes);
        report.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{blobs.Count} files and {bytes} bytes in the page cache, {Environment.ProcessorCount} cores for both."
            )
        );
        report.Write(System.IO.Path.Combine(work, "verify.json"));
        return 0;
    }

    // A process for each file and as many at once as there are cores, the largest first as in Larder.
    private static string Digests(string store) =>
        $"find '{store}/blobs' -type f ! -name '*.crc32c' -printf '%s %p\\n' | sort -rn | cut -d ' ' -f 2"
        + $" | xargs -P {Environment.ProcessorCount} -n 1 openssl dgst -sha256";

    private static Option<string> Path(string name, string description) =>
        new(name) { Description = description, Required = true };
}

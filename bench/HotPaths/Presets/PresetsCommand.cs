using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Larder.Diffusion.Presets;
using Measuring;

namespace HotPaths.Presets;

/// <summary><c>presets</c>: a preset's graph from the cache, and built anew with its models loaded or not.</summary>
internal static class PresetsCommand
{
    private const int HotRents = 100_000;
    private const double LimitMicroseconds = 2;

    public static Command Create()
    {
        var work = new Option<string>("--work")
        {
            Description = "A directory for a store and the results",
            Required = true,
        };
        var models = new Option<string>("--models")
        {
            Description = "The directory of the video models",
            Required = true,
        };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 15, Description = "Rounds of each" };
        var command = new Command("presets", "Preset graphs from the cache, and cold") { work, models, rounds };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(parsed.GetRequiredValue(work), parsed.GetRequiredValue(models), parsed.GetValue(rounds))
        );
        return command;
    }

    private static async Task<int> RunAsync(string work, string models, int rounds)
    {
        await using var bench = new PresetBench(work, models);
        await HotAsync(bench, work, models, rounds);
        await ColdAsync(bench, work, rounds);
        return 0;
    }

    private static async Task HotAsync(PresetBench bench, string work, string models, int rounds)
    {
        var report = new Report("A preset's graph from the cache, with options seen before", "us", "bytes");
        var lora = Path.Combine(Path.GetFullPath(models), "loras", "purple.safetensors");
        (string Name, Preset Preset, PresetOptions? Options)[] cases =
        [
            ("defaults", VideoPresets.Get("t2v_one_stage"), null),
            (
                "every option of two stages given",
                VideoPresets.Get("t2v_two_stages_adaptive"),
                new PresetOptions
                {
                    Steps = 12,
                    Guidance = 5,
                    Schedule = "ltx",
                    MinSteps = 4,
                    Stage2Steps = 8,
                    Stage2Guidance = 4,
                    Stage2Schedule = "ltx",
                    Stage2MinSteps = 3,
                    TimestepScaling = true,
                    EarlyExit = true,
                    Tolerance = 0.02,
                    DropUnconditional = false,
                    Frames = 17,
                    Width = 64,
                    Height = 64,
                    TileSize = 64,
                }
            ),
            (
                "a LoRA, whose file is looked at",
                VideoPresets.Get("ic_lora"),
                new PresetOptions { Loras = [new LoraChoice(lora)] }
            ),
        ];
        var loads = 0L;
        foreach (var (name, preset, options) in cases)
        {
            (await bench.RentAsync(preset, options)).Dispose();
            var before = bench.Graphs.GetStatistics().Loads;
            var (microseconds, bytes) = await RentAsync(bench, preset, options, rounds);
            loads += bench.Graphs.GetStatistics().Loads - before;
            report.Row(name, microseconds, bytes);
            // The file of a LoRA may have been replaced: to ask for its status is a call of the kernel.
            if (options?.Loras is null)
                report.Result($"{name}, us", microseconds, LimitMicroseconds);
        }
        report.Result("loads while they were rented", loads, 0);
        report.Write(Path.Combine(work, "presets-hot.json"));
    }

    private static async Task<(double Microseconds, double Bytes)> RentAsync(
        PresetBench bench,
        Preset preset,
        PresetOptions? options,
        int rounds
    )
    {
        Samples times = new();
        var bytes = long.MaxValue;
        for (var round = -1; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            for (var rent = 0; rent < HotRents; rent++)
                (await bench.RentAsync(preset, options)).Dispose();
            var time = Stopwatch.GetElapsedTime(start);
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / HotRents);
            // The first round compiles.
            if (round >= 0)
                times.Add(time);
        }
        return (times.Median * 1000 / HotRents, bytes);
    }

    private static async Task ColdAsync(PresetBench bench, string work, int rounds)
    {
        var report = new Report(
            "A preset's graph that is not in the cache, ms",
            "models in the store",
            "of it files",
            "of it denoiser",
            "models loaded"
        );
        foreach (var preset in VideoPresets.All)
        {
            // What is made of a denoiser is in the store from here on, and methods are compiled.
            (await bench.RentAsync(preset)).Dispose();
            Samples cold = new(),
                files = new(),
                variant = new(),
                graph = new();
            for (var round = 0; round < rounds; round++)
            {
                await bench.Presets.ClearAsync();
                var start = Stopwatch.GetTimestamp();
                using var lease = await bench.RentAsync(preset);
                cold.Add(Stopwatch.GetElapsedTime(start));
                files.Add(lease.FilesTime);
                variant.Add(lease.VariantTime);
                start = Stopwatch.GetTimestamp();
                using var other = await bench.RentAsync(
                    preset,
                    new PresetOptions { Guidance = 2 + (round + 1) / 100.0 }
                );
                graph.Add(Stopwatch.GetElapsedTime(start));
                if (lease.ModelsFromCache || other.GraphFromCache || !other.ModelsFromCache)
                    throw new InvalidOperationException($"The rents of {preset} were not what they are measured as.");
            }
            report.Row(preset.Name, cold.Median, files.Median, variant.Median, graph.Median);
        }
        report.Note(
            string.Create(CultureInfo.InvariantCulture, $"The middle of {rounds} rounds; pulls are of a fresh entry.")
        );
        report.Write(Path.Combine(work, "presets-cold.json"));
    }
}

using System.Globalization;
using Larder.Cli.Output;

namespace Larder.Cli.Demo.Video;

/// <summary>The demonstration for people.</summary>
internal static class VideoView
{
    public static void Write(VideoRequest request, VideoResult result, VideoOutput files)
    {
        TableView.Write(
            ["", "steps", "first run", "second run"],
            [.. Parts(result), .. Nodes(result), .. Totals(result)]
        );
        Terminal.Answer(
            result.Words.Count == 0
                ? $"{request.Preset}, seed {Number(request.Seed)}; the prompt asks for nothing in particular."
                : $"{request.Preset}, seed {Number(request.Seed)}; the words that count: {string.Join(", ", result.Words)}."
        );
        var picture = result.Pictures[0];
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Clip}: {result.Pictures.Count} pictures of {picture.Width}×{picture.Height}, {result.PicturesPerSecond} in a second; browsers show them move"
            )
        );
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Strip}: {files.PicturesOf(result.Pictures).Count} of them beside each other"
            )
        );
    }

    // Where each part came from.
    private static IEnumerable<IReadOnlyList<string>> Parts(VideoResult result)
    {
        yield return Row(result, "files", run => Timed(run.Files, run.FilesTime));
        var passes = result.Runs[0].Passes;
        if (passes.Count == 0)
            yield return Row(result, "denoiser", run => Denoiser(run.DenoiserWithoutPasses));
        for (var i = 0; i < passes.Count; i++)
        {
            var place = i;
            yield return Row(result, $"denoiser, {passes[place].Name}", run => Pass(run, place));
        }
        yield return Row(result, "models", run => Timed(run.Models, run.LoadTime));
        yield return Row(result, "graph", run => run.Graph);
    }

    private static string Denoiser(string source) => source == "own" ? "the models' own" : source;

    private static string Pass(VideoRun run, int place)
    {
        if (place >= run.Passes.Count)
            return run.DenoiserWithoutPasses;
        var pass = run.Passes[place];
        return Timed(VideoRun.SourceOf(pass), TimeSpan.FromSeconds(pass.Seconds));
    }

    private static string Timed(string source, TimeSpan time) =>
        time == TimeSpan.Zero ? source : $"{source}, {Sizes.Time(time)}";

    private static IEnumerable<IReadOnlyList<string>> Nodes(VideoResult result) =>
        result
            .Runs[0]
            .Nodes.Select(
                (node, place) => Row(result, node.Name, run => Sizes.Time(run.Nodes[place].Elapsed), StepsOf(node))
            );

    private static IEnumerable<IReadOnlyList<string>> Totals(VideoResult result) =>
        [Row(result, "run", run => Sizes.Time(run.RunTime)), Row(result, "total", run => Sizes.Time(run.TotalTime))];

    private static string StepsOf(VideoNode node) =>
        node.Steps == 0 ? ""
        : node.Steps == node.PlannedSteps ? Number(node.Steps)
        : $"{Number(node.Steps)} of {Number(node.PlannedSteps)}";

    private static IReadOnlyList<string> Row(
        VideoResult result,
        string name,
        Func<VideoRun, string> cell,
        string steps = ""
    ) => [name, steps, .. result.Runs.Select(cell)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

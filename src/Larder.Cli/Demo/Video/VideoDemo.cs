using Larder.Cli.Output;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Pictures;
using Larder.Diffusion.Presets;
using Larder.Graphs;

namespace Larder.Cli.Demo.Video;

/// <summary>Makes a clip twice in one process, each time as if for the first time.</summary>
internal sealed class VideoDemo : IAsyncDisposable
{
    private readonly ModelCache _cache;
    private readonly GraphCache _graphs;
    private readonly PresetGraphs _presets;
    private readonly bool _isQuiet;

    public VideoDemo(CommandContext context)
    {
        _isQuiet = context.Quiet;
        _cache = context.OpenCache();
        _graphs = new GraphCache(context.Configuration.Graphs);
        _presets = new PresetGraphs(
            _cache,
            _graphs,
            new DenoiserVariants(_cache, context.Shared, loggerFactory: context.LoggerFactory)
        );
    }

    /// <summary>Makes the clip.</summary>
    /// <exception cref="UsageException">The prompt has no word that the models know, or a keyframe does not fit.</exception>
    public async Task<VideoResult> RunAsync(VideoRequest request, CancellationToken cancellationToken)
    {
        var (first, result) = await RunOnceAsync(request, cancellationToken);
        var (second, _) = await RunOnceAsync(request, cancellationToken);
        await _cache.FlushAsync(cancellationToken);
        return result with { Runs = [first, second] };
    }

    public async ValueTask DisposeAsync()
    {
        await _graphs.DisposeAsync();
        _cache.Dispose();
    }

    private async Task<(VideoRun Run, VideoResult Result)> RunOnceAsync(
        VideoRequest request,
        CancellationToken cancellationToken
    )
    {
        using var lease = await RentAsync(request, cancellationToken);
        var words = WordsOf(request, lease.Models);
        var inputs = InputsOf(request, lease.Models.Facts);
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = _isQuiet ? null : new GraphDisplay(request.Preset.Name);
        var steps = new StepCounts(display);
        using var result = await lease.Graph.RunAsync(
            inputs,
            new GraphRunOptions { Progress = steps },
            cancellationToken
        );
        var video = (Larder.Diffusion.Models.Video)result[PresetPorts.Video]!;
        return (
            VideoRun.Of(lease, result.Elapsed, steps.NodesOf(result)),
            new VideoResult
            {
                Version = lease.Version,
                Words = words,
                Pictures =
                [
                    .. Enumerable
                        .Range(0, video.Frames)
                        .Select(frame => new Picture(video.Width, video.Height, video.ToRgb(frame))),
                ],
                PicturesPerSecond = video.FramesPerSecond,
                Runs = [],
            }
        );
    }

    private async Task<PresetLease> RentAsync(VideoRequest request, CancellationToken cancellationToken)
    {
        await using var display = _isQuiet ? null : new RunDisplay(showsLines: false);
        var pull = request.Models.Pull with { Progress = display is null ? null : new PullProgress(display) };
        return await _presets.RentAsync(
            request.Preset,
            request.Models with
            {
                Pull = pull,
            },
            request.Options,
            display,
            cancellationToken
        );
    }

    private static IReadOnlyList<string> WordsOf(VideoRequest request, VideoModels models)
    {
        Check("prompt", request.Prompt);
        Check("negative prompt", request.NegativePrompt);
        return models.WordsOf(request.Prompt);

        void Check(string what, string text)
        {
            if (!string.IsNullOrWhiteSpace(text) && models.WordsOf(text).Count == 0)
                throw new UsageException(
                    $"The {what} '{text}' has no word that the models know, so it would count for nothing. They know: {string.Join(", ", models.Words)}."
                );
        }
    }

    private static GraphInputs InputsOf(VideoRequest request, VideoModelFacts facts)
    {
        var inputs = new GraphInputs()
            .Set(PresetPorts.Prompt, request.Prompt)
            .Set(PresetPorts.NegativePrompt, request.NegativePrompt)
            .Set(PresetPorts.Seed, request.Seed);
        if (request.Preset.TakesKeyframes)
            inputs.Set(
                PresetPorts.Keyframes,
                request
                    .Keyframes.Select(keyframe =>
                        keyframe.Of(facts, request.Options.Width ?? facts.Width, request.Options.Height ?? facts.Height)
                    )
                    .ToList()
            );
        return inputs;
    }
}

using Larder.Content;
using Larder.Diffusion.Pictures;

namespace Larder.Cli.Demo.Video;

/// <summary>What came of the demonstration.</summary>
internal sealed record VideoResult
{
    /// <summary>The version of the models' files.</summary>
    public required Digest Version { get; init; }

    /// <summary>The words of the prompt that count.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The pictures of the clip, as small as they are.</summary>
    public required IReadOnlyList<Picture> Pictures { get; init; }

    public required double PicturesPerSecond { get; init; }

    /// <summary>The first run, and the second.</summary>
    public required IReadOnlyList<VideoRun> Runs { get; init; }
}

using System.Globalization;
using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Pictures;

namespace Larder.Cli.Demo.Video;

/// <summary>A picture that the clip is held to, in a file.</summary>
internal sealed record KeyframeFile(int Frame, string Path, Picture Picture)
{
    /// <summary>Reads <c>FRAME=PICTURE</c>.</summary>
    /// <exception cref="UsageException">It is none, or the picture cannot be read.</exception>
    public static KeyframeFile Parse(string text)
    {
        var place = text.IndexOf('=', StringComparison.Ordinal);
        if (place < 0 || !int.TryParse(text[..place], NumberStyles.None, CultureInfo.InvariantCulture, out var frame))
            throw new UsageException($"'{text}' is no keyframe: give FRAME=PICTURE, such as 0=start.png.");
        var path = text[(place + 1)..];
        try
        {
            return new KeyframeFile(frame, path, Picture.FromPng(File.ReadAllBytes(path)));
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            throw new UsageException($"The picture '{path}' cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The keyframe, of a clip's size.</summary>
    /// <exception cref="UsageException">The picture is neither of this size nor a whole number of times as large.</exception>
    public Keyframe Of(VideoModelFacts facts, int width, int height)
    {
        var times = Picture.Width / width;
        return times > 0 && Picture.Width == times * width && Picture.Height == times * height
            ? Keyframe.Of(Frame, Picture.Shrink(times), facts)
            : throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The picture '{Path}' has {Picture.Width}×{Picture.Height} pixels, and the clip {width}×{height}: give one of this size, or a whole number of times as large."
                )
            );
    }
}

using System.Collections.Concurrent;

namespace ModelGenerator.Video;

/// <summary>Clips as they truly are, drawn once.</summary>
internal static class TrueClips
{
    private static readonly ConcurrentDictionary<(Clip, int), float[]> Drawn = [];

    internal static float[] Of(Clip clip, int size) =>
        Drawn.GetOrAdd((clip, size), key => ClipRenderer.Render(key.Item1, key.Item2));

    /// <summary>The first frame alone, [plane, 1, y, x].</summary>
    internal static float[] FirstFrame(Clip clip, int size) => Frame(Of(clip, size), 0, size);

    /// <summary>One frame of a clip, [plane, 1, y, x].</summary>
    internal static float[] Frame(float[] video, int frame, int size)
    {
        var pixels = size * size;
        var frames = video.Length / (Palette.Planes * pixels);
        return
        [
            .. Enumerable
                .Range(0, Palette.Planes)
                .SelectMany(plane => video.AsSpan((plane * frames + frame) * pixels, pixels).ToArray()),
        ];
    }
}

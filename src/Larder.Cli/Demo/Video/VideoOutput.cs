using System.Globalization;
using Larder.Diffusion.Pictures;

namespace Larder.Cli.Demo.Video;

/// <summary>The two files of a clip: <c>NAME.png</c>, which moves, and <c>NAME-strip.png</c>, some of its pictures beside each other.</summary>
internal sealed class VideoOutput
{
    private const string Ending = ".png";
    private const int Gap = 2;

    // What a screen shows of a row, more or less.
    private const int MaxRow = 4096;

    // Small clips are enlarged about so far.
    private const int GoodSide = 256;

    private VideoOutput(string clip) => Clip = clip;

    /// <summary>The path of the clip.</summary>
    public string Clip { get; }

    /// <summary>The path of the strip.</summary>
    public string Strip => Clip[..^Ending.Length] + "-strip" + Ending;

    /// <summary>How many times as large pictures are written; null for what makes small ones well visible.</summary>
    public int? Scale { get; init; }

    /// <summary>How many pictures the strip shows.</summary>
    public required int StripPictures { get; init; }

    /// <summary>Writes where a person said, if that can be.</summary>
    /// <exception cref="UsageException">It is no PNG file, or its directory is not there.</exception>
    public static VideoOutput At(string name, int? scale, int stripPictures)
    {
        if (!name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) || name.Length == Ending.Length)
            throw new UsageException($"'{name}' is no name for a PNG file: it ends in {Ending}.");
        var path = Path.GetFullPath(name);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new UsageException(
                $"The clip cannot be written to '{path}': {(Directory.Exists(path) ? "that is a directory" : "its directory is not there")}. Name a file in a directory that is."
            );
        return new VideoOutput(path) { Scale = scale, StripPictures = stripPictures };
    }

    /// <summary>Writes both, each at once: nobody sees half a file.</summary>
    /// <returns>What was written.</returns>
    public async Task<IReadOnlyList<Picture>> WriteAsync(
        IReadOnlyList<Picture> pictures,
        double picturesPerSecond,
        CancellationToken cancellationToken
    )
    {
        var scale = ScaleOf(pictures[0]);
        IReadOnlyList<Picture> large = [.. pictures.Select(picture => picture.Enlarge(scale))];
        await WriteAsync(Clip, AnimatedPng.Write(large, picturesPerSecond), cancellationToken);
        var columns = Math.Max(1, (MaxRow + Gap) / (large[0].Width + Gap));
        await WriteAsync(Strip, FilmStrip.Of(PicturesOf(large), columns, Gap).ToPng(), cancellationToken);
        return large;
    }

    /// <summary>Those of the pictures that the strip shows: evenly from the first to the last, both with it.</summary>
    public IReadOnlyList<Picture> PicturesOf(IReadOnlyList<Picture> pictures)
    {
        var count = Math.Min(StripPictures, pictures.Count);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    pictures[
                        (int)
                            Math.Round(
                                i * (pictures.Count - 1.0) / Math.Max(1, count - 1),
                                MidpointRounding.AwayFromZero
                            )
                    ]
                ),
        ];
    }

    private int ScaleOf(Picture picture)
    {
        var side = Math.Max(picture.Width, picture.Height);
        var scale = Scale ?? Math.Max(1, GoodSide / side);
        return scale <= Picture.MaxSide / side
            ? scale
            : throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--scale is {scale}: pictures of {picture.Width}×{picture.Height} can be {Picture.MaxSide / side} times as large at most."
                )
            );
    }

    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            await File.WriteAllBytesAsync(aside, bytes, cancellationToken);
#pragma warning disable RS0030 // Both names are in one directory, so nothing is copied.
            File.Move(aside, path, overwrite: true);
#pragma warning restore RS0030
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(aside);
            throw new DemoException($"'{path}' cannot be written: {failure.Message}");
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}

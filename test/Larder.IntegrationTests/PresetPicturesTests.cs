using System.Text.RegularExpressions;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>The pictures of <c>docs/presets.md</c> are what the commands beside them make.</summary>
[Trait("Category", "Integration")]
public sealed partial class PresetPicturesTests : CommandTests
{
    private const string AcceptVariable = "LARDER_ACCEPT_DOCS";

    // Processors round differently; of another seed, with the same prompt, some bytes differ by 10.
    private const int MaxDifference = 2;

    private const int MaxBytes = 100_000;
    private const int TimeoutMilliseconds = 10_000;

    private static readonly string Pictures = Path.Combine(Repository.Root, "docs", "pictures");

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "presets.md"));

    [Fact]
    public async Task Page_Commands_MakeItsPictures()
    {
        var commands = Commands().Matches(Page).Select(match => ArgumentsIn(match.Value)).ToList();
        var strips = commands.Select(command => command[^1].Replace(".png", "-strip.png", StringComparison.Ordinal));
        Assert.Equal(Links().Matches(Page).Select(match => match.Groups["file"].Value), strips);

        foreach (var command in commands)
            (await RunAsync([.. command[1..], "--quiet"])).Done();

        // As the page says.
        Assert.InRange(Difference(At("one-stage-strip.png"), At("quantized-strip.png")) ?? byte.MaxValue, 1, 1);

        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            Accept(strips);
        Assert.Equal(
            strips.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Pictures, "*-strip.png").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var others = strips.Where(strip => !IsSame(strip)).ToList();
        Assert.True(
            others.Count == 0,
            $"In docs/pictures these are not what the commands of docs/presets.md make: {string.Join(", ", others)}. If this is meant, set {AcceptVariable}=1, run the test again, look at the pictures, and commit them."
        );
        Assert.All(
            Directory.EnumerateFiles(Pictures, "*-strip.png"),
            picture => Assert.InRange(new FileInfo(picture).Length, 1, MaxBytes)
        );
    }

    private void Accept(IEnumerable<string> strips)
    {
        Directory.CreateDirectory(Pictures);
        foreach (var strip in strips)
            File.Copy(At(strip), Path.Combine(Pictures, strip), overwrite: true);
    }

    private bool IsSame(string strip) => Difference(At(strip), Path.Combine(Pictures, strip)) <= MaxDifference;

    /// <summary>By how much a byte of two pictures differs at most; null where they have other sizes.</summary>
    private static int? Difference(string one, string other)
    {
        var (first, second) = (Read(one), Read(other));
        return (first.Width, first.Height) == (second.Width, second.Height)
            ? first.Pictures()[0].Zip(second.Pictures()[0], (a, b) => Math.Abs(a - b)).Max()
            : null;
    }

    private static PngFile Read(string path) => new(File.ReadAllBytes(path));

    // What is in quotes is one word.
    private static string[] ArgumentsIn(string line) =>
        [.. Words().Matches(line).Select(match => match.Value.Replace("\"", "", StringComparison.Ordinal))];

    [GeneratedRegex(
        "^larder demo video .*$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Commands();

    [GeneratedRegex(@"\]\(pictures/(?<file>[^)]+)\)", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Links();

    [GeneratedRegex("(?:\"[^\"]*\"|[^\" ])+", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Words();
}

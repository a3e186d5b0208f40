using System.Diagnostics;
using System.Text.RegularExpressions;
using Larder.Pull;

namespace Larder.Tests.Pull;

public sealed class GlobTests
{
    [Theory]
    // Without a slash: a name at any depth, of a file or of a directory with all that is in it.
    [InlineData("*.onnx", "model.onnx", true)]
    [InlineData("*.onnx", "onnx/deep/model.onnx", true)]
    [InlineData("*.onnx", "model.onnx.data", false)]
    [InlineData("*.onnx", "model.ONNX", false)]
    [InlineData("*.onnx", ".onnx", true)]
    [InlineData("config.json", "sub/config.json", true)]
    [InlineData("config.json", "my-config.json", false)]
    [InlineData("onnx", "onnx/model.onnx", true)]
    [InlineData("onnx", "a/onnx/b/c", true)]
    [InlineData("onnx", "a/onnx2/b", false)]
    [InlineData("*", "a/b/c", true)]
    [InlineData("**", "a/b/c", true)]
    // A slash at the end: directories only.
    [InlineData("onnx/", "onnx/model.onnx", true)]
    [InlineData("onnx/", "a/onnx/b/c", true)]
    [InlineData("onnx/", "a/onnx", false)]
    [InlineData("**/", "a/b", true)]
    [InlineData("**/", "a", false)]
    // A slash elsewhere: from the top.
    [InlineData("/config.json", "config.json", true)]
    [InlineData("/config.json", "sub/config.json", false)]
    [InlineData("onnx/*.onnx", "onnx/model.onnx", true)]
    [InlineData("onnx/*.onnx", "onnx/deep/model.onnx", false)]
    [InlineData("onnx/*.onnx", "a/onnx/model.onnx", false)]
    [InlineData("onnx/*", "onnx/deep/model.onnx", true)]
    [InlineData("/onnx", "onnx/model.onnx", true)]
    [InlineData("/onnx", "a/onnx/b", false)]
    [InlineData("*/config.json", "a/config.json", true)]
    [InlineData("*/config.json", "config.json", false)]
    [InlineData("*/config.json", "a/b/config.json", false)]
    // Two stars: any number of directories.
    [InlineData("**/config.json", "config.json", true)]
    [InlineData("**/config.json", "a/b/config.json", true)]
    [InlineData("a/**/z.bin", "a/z.bin", true)]
    [InlineData("a/**/z.bin", "a/b/c/z.bin", true)]
    [InlineData("a/**/z.bin", "b/a/z.bin", false)]
    [InlineData("a/**/b/**/c", "a/x/b/y/b/z/c", true)]
    [InlineData("a/**/b/**/c", "a/x/y/z/c", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a**c", "abc", true)]
    [InlineData("a**c", "a/c", false)]
    // Characters.
    [InlineData("?.bin", "a.bin", true)]
    [InlineData("?.bin", "ab.bin", false)]
    [InlineData("?.bin", "😀.bin", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "Bx", false)]
    [InlineData("[!a-c]x", "dx", true)]
    [InlineData("[^a-c]x", "ax", false)]
    [InlineData("[]a]x", "]x", true)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[a\\]]x", "]x", true)]
    [InlineData("model-0000[12]-of-*", "model-00002-of-00003.safetensors", true)]
    [InlineData("\\*.onnx", "*.onnx", true)]
    [InlineData("\\*.onnx", "a.onnx", false)]
    [InlineData("[*]", "*", true)]
    [InlineData("*a*b*c*", "xaybzc", true)]
    [InlineData("*a*b*c*", "xaycz", false)]
    [InlineData("modell-ä.bin", "modell-ä.bin", true)]
    [InlineData("#a", "#a", true)]
    public void Matches_Path_IsByTheRulesOfGitignore(string pattern, string path, bool expected) =>
        Assert.Equal(expected, Glob.Parse(pattern).Matches(path));

    [Theory]
    [InlineData("", "names nothing")]
    [InlineData("/", "names nothing")]
    [InlineData("!a", "begins with '!'")]
    [InlineData("a//b", "two slashes in a row")]
    [InlineData("//a", "two slashes in a row")]
    [InlineData("./a", "a segment '.'")]
    [InlineData("a/../b", "a segment '..'")]
    [InlineData("[a", "a '[' without its ']'")]
    [InlineData("[", "a '[' without its ']'")]
    [InlineData("[]", "a '[' without its ']'")]
    [InlineData("[a/b]", "a '[' without its ']'")]
    [InlineData("[z-a]", "the range 'z-a'")]
    [InlineData("[[:alpha:]]", "a named class")]
    [InlineData("a\\", "a '\\' with nothing behind it")]
    [InlineData("a\\/b", "a '\\' with nothing behind it")]
    [InlineData("a\nb", "a character that no path has")]
    public void Parse_NoPattern_SaysWhy(string pattern, string reason)
    {
        var failure = Assert.Throws<GlobException>(() => Glob.Parse(pattern));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(pattern, failure.Pattern);
    }

    [Fact]
    public void Parse_HalfACharacter_IsRefused() => Assert.Throws<GlobException>(() => Glob.Parse("a\ud800"));

    [Fact]
    public void Parse_TooLong_IsRefused() => Assert.Throws<GlobException>(() => Glob.Parse(new string('a', 1025)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Matches_PatternThatWouldBacktrack_IsDoneAtOnce(int kind)
    {
        // By backtracking each of these takes longer than the universe has been there.
        var (pattern, path) =
            kind == 0
                ? ("/" + string.Concat(Enumerable.Repeat("a*", 500)) + "b", new string('a', 4000))
                : (
                    string.Concat(Enumerable.Repeat("**/a/", 200)) + "b",
                    string.Join('/', Enumerable.Repeat("a", 2000))
                );
        var start = Stopwatch.GetTimestamp();

        Assert.False(Glob.Parse(pattern).Matches(path));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Matches_RandomPatterns_AsTheirRegularExpressions()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = Text(random, ["a", "b", "*", "**", "?", "/", "/"], random.Next(1, 8));
            var path = Text(random, ["a", "b", "/"], random.Next(1, 8)).Trim('/');
            if (path.Length == 0 || path.Contains("//", StringComparison.Ordinal) || !TryParse(pattern, out var glob))
                continue;

            Assert.True(
                Regex.IsMatch(path, Expression(pattern), RegexOptions.NonBacktracking) == glob.Matches(path),
                $"'{pattern}' and '{path}', seed {seed}"
            );
        }
    }

    private static bool TryParse(string pattern, out Glob glob)
    {
        try
        {
            glob = Glob.Parse(pattern);
            return true;
        }
        catch (GlobException)
        {
            glob = null!;
            return false;
        }
    }

    private static string Text(Random random, string[] parts, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => parts[random.Next(parts.Length)]));

    /// <summary>The rules once more, as the manual of git has them.</summary>
    private static string Expression(string pattern)
    {
        var isAnchored = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal);
        var parts = pattern.Trim('/').Split('/');
        var result = isAnchored ? "^" : "^(?:[^/]+/)*";
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            if (parts[i] == "**")
                result += isLast ? "[^/]+(?:/[^/]+)*" : "(?:[^/]+/)*";
            else
                result +=
                    string.Concat(
                        parts[i]
                            .Select(unit =>
                                unit is '*' ? "[^/]*"
                                : unit is '?' ? "[^/]"
                                : $"{unit}"
                            )
                    ) + (isLast ? "" : "/");
        }
        return result + (pattern.EndsWith('/') ? "/.+$" : "(?:/.+)?$");
    }
}

using Larder.Content;

namespace Larder.Tests.Content;

public sealed class ManifestPathTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("a/b/c")]
    [InlineData(".hidden/..data/...x")]
    [InlineData("weights 1 (final).bin")]
    [InlineData("größe/模型/\ud83d\ude00")]
    [InlineData("console/auxiliary/com/com10/lpt")]
    [InlineData("xy:z")]
    public void FaultIn_SafePath_IsNull(string path) => Assert.Null(ManifestPath.FaultIn(path));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("C:/x", "drive letter")]
    [InlineData("c:x", "drive letter")]
    [InlineData("a\\b", "backslash")]
    [InlineData("a//b", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData(".", "'.' or '..'")]
    [InlineData("./a", "'.' or '..'")]
    [InlineData("..", "'.' or '..'")]
    [InlineData("a/../b", "'.' or '..'")]
    [InlineData("a/..", "'.' or '..'")]
    [InlineData("...", "dot or a space")]
    [InlineData("a./b", "dot or a space")]
    [InlineData("a /b", "dot or a space")]
    [InlineData("a\0b", "control character")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\u007f", "control character")]
    [InlineData("a\u0085", "control character")]
    [InlineData("CON", "device")]
    [InlineData("a/nul.txt", "device")]
    [InlineData("Aux.tar.gz/b", "device")]
    [InlineData("com1", "device")]
    [InlineData("lpt9 .x", "device")]
    [InlineData("COM²", "device")]
    [InlineData("conin$", "device")]
    public void FaultIn_UnsafePath_SaysWhy(string path, string reason) =>
        Assert.Contains(reason, ManifestPath.FaultIn(path), StringComparison.Ordinal);

    [Fact]
    public void FaultIn_LoneSurrogate_SaysWhy()
    {
        // Not as inline data: a lone surrogate does not survive the metadata of an attribute.
        Assert.Contains("Unicode", ManifestPath.FaultIn("a\ud800"), StringComparison.Ordinal);
        Assert.Contains("Unicode", ManifestPath.FaultIn("\udc00\ud800a"), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultIn_SegmentOf255Bytes_IsTheLongest()
    {
        Assert.Null(ManifestPath.FaultIn(new string('a', 255) + "/b"));
        Assert.Null(ManifestPath.FaultIn(new string('é', 127) + "a"));
        Assert.Contains("255", ManifestPath.FaultIn(new string('é', 128)), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultIn_PathOf4096Bytes_IsTheLongest()
    {
        string longest = string.Join('/', Enumerable.Repeat(new string('a', 240), 17))[..4096];

        Assert.Null(ManifestPath.FaultIn(longest));
        Assert.Contains("4096", ManifestPath.FaultIn(longest + "a"), StringComparison.Ordinal);
        Assert.Contains("4096", ManifestPath.FaultIn(longest[..^1] + "é"), StringComparison.Ordinal);
    }
}

namespace ModelGenerator.Video;

public sealed class VideoSampleTests
{
    [Fact]
    public void Write_AllFiles_AreSmallEnoughToBeCheckedIn()
    {
        var sizes = new DirectoryInfo(VideoPipeline.File("."))
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => file.Length)
            .ToArray();

        TestContext.Current.TestOutputHelper?.WriteLine($"{sizes.Length} files, {sizes.Sum()} bytes");
        Assert.InRange(sizes.Sum(), 300_000, 500_000);
        Assert.InRange(sizes.Max(), 0, 1_000_000);
    }
}

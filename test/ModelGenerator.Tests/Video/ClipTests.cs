namespace ModelGenerator.Video;

public sealed class ClipTests
{
    [Fact]
    public void All_EachClip_HasItsOwnPlaceAndPrompt()
    {
        Assert.Equal(48, Clip.All.Count);
        Assert.Equal(Enumerable.Range(0, 48), Clip.All.Select(clip => clip.Index));
        Assert.Equal(48, Clip.All.Select(clip => clip.Prompt).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("a red square moving right", Clip.All[0].Prompt);
        Assert.Equal("a yellow triangle moving down", Clip.All[47].Prompt);
    }
}

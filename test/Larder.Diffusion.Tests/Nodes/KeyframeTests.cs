using Larder.Diffusion.Nodes;
using Larder.Diffusion.Pictures;
using Larder.Diffusion.Tests.Models;

namespace Larder.Diffusion.Tests.Nodes;

public sealed class KeyframeTests(SampleModels models)
{
    [Fact]
    public void Of_Picture_HasItsPlanesInTheRangeOfTheModels()
    {
        var picture = new Picture(2, 1, new byte[] { 0, 255, 51, 255, 0, 102 });

        var keyframe = Keyframe.Of(4, picture, models.Plain.Facts, strength: 0.5);

        Assert.Equal((4, 0.5), (keyframe.Frame, keyframe.Strength));
        Assert.Equal([-1f, 1f, 1f, -1f, -0.6f, -0.2f], keyframe.Pixels.ToArray());
    }
}

namespace Larder.Graphs.Tests;

public sealed class GraphSizeTests
{
    [Fact]
    public void And_SameDevice_Adds()
    {
        var size = GraphSize.On("gpu0", 7).And(GraphDevice.Host, 3).And("gpu0", 2);

        Assert.Equal([new DeviceBytes("gpu0", 9), new DeviceBytes("host", 3)], size.Devices);
        Assert.Equal(
            (9L, 3L, 0L, 12L),
            (size.BytesOn("gpu0"), size.BytesOn("host"), size.BytesOn("gpu1"), size.TotalBytes)
        );
        Assert.Equal("9 bytes on gpu0, 3 bytes on host", size.ToString());
    }

    [Fact]
    public void On_NegativeOrTooMany_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphSize.OfHost(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphSize.OfHost(long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphSize.OfHost(GraphSize.MaxBytes).And("host", 1));
        Assert.Throws<ArgumentException>(() => GraphSize.On(" ", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GraphDevice.Gpu(-1));
    }
}

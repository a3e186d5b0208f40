using System.Globalization;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheOptionsTests
{
    [Fact]
    public void FindFaults_Defaults_HasNone()
    {
        Assert.Empty(new GraphCacheOptions().FindFaults());
    }

    [Fact]
    public void FindFaults_InfiniteWait_HasNone()
    {
        Assert.Empty(new GraphCacheOptions { WaitForRoom = Timeout.InfiniteTimeSpan }.FindFaults());
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    [InlineData("60.00:00:00")]
    public void FindFaults_WaitThatNoTimerCanDo_NamesIt(string wait)
    {
        var options = new GraphCacheOptions { WaitForRoom = TimeSpan.Parse(wait, CultureInfo.InvariantCulture) };

        Assert.Contains(wait, Assert.Single(options.FindFaults()), StringComparison.Ordinal);
    }

    [Fact]
    public void FindFaults_AllWrong_ListsAll()
    {
        var options = new GraphCacheOptions
        {
            MaxGraphs = -1,
            WaitForRoom = TimeSpan.Zero,
            Policy = null!,
        };

        Assert.Equal(3, options.FindFaults().Count);
    }
}

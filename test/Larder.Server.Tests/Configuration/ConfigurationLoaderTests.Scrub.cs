using Larder.Server.Configuration;

namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Fact]
    public void Load_NothingOfTheScrub_GivesItsDefaults()
    {
        var scrub = ConfigurationFile.Load("{}").Scrub;

        Assert.Equal((20_000_000, TimeSpan.FromDays(7)), (scrub.BytesPerSecond, scrub.Pause));
    }

    [Theory]
    [InlineData("\"5 MiB\"", 5 << 20)]
    [InlineData("1000", 1000)]
    [InlineData("0", 0)]
    public void Load_Scrub_IsRead(string rate, long expected)
    {
        var scrub = ConfigurationFile
            .Load($$"""{"store": {"scrub_bytes_per_second": {{rate}}, "scrub_pause": "12 h" } }""")
            .Scrub;

        Assert.Equal((expected, TimeSpan.FromHours(12)), (scrub.BytesPerSecond, scrub.Pause));
    }

    [Fact]
    public void Load_ScrubThatMakesNoSense_IsAFaultEach()
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            ConfigurationFile.Load(
                """{"store": {"scrub_bytes_per_second": "fast", "scrub_pause": "7", "scrub_puse": "7 d"}}"""
            )
        );

        Assert.Equal(3, failure.Faults.Count);
        Assert.Contains(
            failure.Faults,
            fault => fault.Contains("Did you mean 'scrub_pause'?", StringComparison.Ordinal)
        );
    }
}

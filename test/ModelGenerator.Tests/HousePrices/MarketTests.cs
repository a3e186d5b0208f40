namespace ModelGenerator.HousePrices;

public sealed class MarketTests
{
    private static readonly House Example = new(AreaM2: 120, Rooms: 4, AgeYears: 20, DistanceKm: 5, HasGarden: true);

    [Fact]
    public void PriceEur_HouseOfTheExample_IsWhatTheReadmeSays()
    {
        Assert.Equal(405_596, Market.First.PriceEur(Example), tolerance: 0.5);
        Assert.Equal(441_932, Market.Second.PriceEur(Example), tolerance: 0.5);
    }

    [Theory]
    [InlineData(true, 12_000)]
    [InlineData(false, 0)]
    public void PriceEur_SecondMarket_DiffersFromTheFirstByAKnownAmount(bool hasGarden, double more)
    {
        var house = Example with { HasGarden = hasGarden };

        Assert.Equal(1.06 * Market.First.PriceEur(house) + more, Market.Second.PriceEur(house), tolerance: 1e-6);
    }
}

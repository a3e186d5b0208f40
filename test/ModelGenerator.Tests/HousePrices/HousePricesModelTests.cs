using Larder.Onnx;

namespace ModelGenerator.HousePrices;

public sealed class HousePricesModelTests
{
    [Theory]
    [InlineData("v1", 403_569)]
    [InlineData("v2", 441_154)]
    public void Run_HouseOfTheExample_AnswersWhatTheReadmeSays(string version, double expected)
    {
        var house = new House(AreaM2: 120, Rooms: 4, AgeYears: 20, DistanceKm: 5, HasGarden: true);

        Assert.Equal(expected, Run(version, [house])[0], tolerance: 1);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Run_HousesThatTrainingHasNotSeen_IsWithinHalfAPercentOfTheFormula(string version)
    {
        var market = version == "v1" ? Market.First : Market.Second;
        var random = new SplitMix64(seed: 99);
        var houses = Enumerable.Range(0, 2000).Select(_ => House.Draw(random)).ToArray();

        var answers = Run(version, houses);

        var error = houses.Zip(answers, (house, answer) => Math.Abs(answer - market.PriceEur(house))).Sum();
        Assert.InRange(error / houses.Sum(market.PriceEur), 0, 0.005);
    }

    private static float[] Run(string version, House[] houses)
    {
        using var model = OnnxModel.Load(
            Path.Combine(AppContext.BaseDirectory, "models/house-prices", version, "model.onnx")
        );
        var outputs = model.Run(
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                ["area_m2"] = Column(houses, house => (float)house.AreaM2),
                ["rooms"] = Column(houses, house => (float)house.Rooms),
                ["age_years"] = Column(houses, house => (float)house.AgeYears),
                ["distance_km"] = Column(houses, house => (float)house.DistanceKm),
                ["has_garden"] = Column(houses, house => house.HasGarden),
            },
            TestContext.Current.CancellationToken
        );
        return ((Tensor<float>)outputs["price_eur"]).Data.ToArray();
    }

    private static Tensor<T> Column<T>(House[] houses, Converter<House, T> value)
        where T : notnull => new(Array.ConvertAll(houses, value), houses.Length, 1);
}

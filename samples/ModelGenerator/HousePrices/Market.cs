namespace ModelGenerator.HousePrices;

/// <summary>The formula that the training data come from, at one time.</summary>
/// <param name="Version">The directory of the model that is trained on it.</param>
/// <param name="Level">What prices are multiplied with.</param>
/// <param name="GardenEur">What a garden adds.</param>
internal sealed record Market(string Version, double Level, double GardenEur)
{
    /// <summary>The market that <c>v1</c> knows.</summary>
    internal static Market First { get; } = new("v1", Level: 1, GardenEur: 18_000);

    /// <summary>A later year: all is 6 % dearer, and a garden is worth 12,000 € more on top of that.</summary>
    internal static Market Second { get; } = new("v2", Level: 1.06, GardenEur: 1.06 * 18_000 + 12_000);

    internal double PriceEur(House house) =>
        Level
            * (35_000 + 2_600 * house.AreaM2 + 9_000 * house.Rooms)
            * (1 - 0.004 * Math.Min(house.AgeYears, 50))
            * (1.2 - 0.02 * house.DistanceKm)
        + (house.HasGarden ? GardenEur : 0);
}

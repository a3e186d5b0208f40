namespace ModelGenerator.HousePrices;

/// <summary>What a price depends on.</summary>
internal readonly record struct House(double AreaM2, double Rooms, double AgeYears, double DistanceKm, bool HasGarden)
{
    internal const int FeatureCount = 5;

    /// <summary>The middle and half the width of each feature's range, in the order of the features.</summary>
    internal static IReadOnlyList<(double Middle, double HalfWidth)> Ranges { get; } =
    [(140, 110), (4.5, 3.5), (40, 40), (15, 15), (0.5, 0.5)];

    /// <summary>A house with each feature anywhere in its range.</summary>
    internal static House Draw(SplitMix64 random) =>
        new(
            AreaM2: random.Next(30, 250),
            Rooms: Math.Floor(random.Next(1, 9)),
            AgeYears: random.Next(0, 80),
            DistanceKm: random.Next(0, 30),
            HasGarden: random.Next(0, 1) < 0.5
        );

    /// <summary>The features, each between -1 and 1.</summary>
    internal double[] Normalised()
    {
        double[] features = [AreaM2, Rooms, AgeYears, DistanceKm, HasGarden ? 1 : 0];
        for (var i = 0; i < FeatureCount; i++)
            features[i] = (features[i] - Ranges[i].Middle) / Ranges[i].HalfWidth;
        return features;
    }
}

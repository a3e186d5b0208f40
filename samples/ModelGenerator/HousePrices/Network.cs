namespace ModelGenerator.HousePrices;

/// <summary>A network that learns the prices of one market.</summary>
internal sealed class Network
{
    /// <summary>The price that an answer of 0 stands for.</summary>
    internal const double MiddleEur = 350_000;

    /// <summary>What an answer that is higher by 1 adds to the price.</summary>
    internal const double SpreadEur = 150_000;

    private const int Hidden = 16;
    private const int Examples = 4096;
    private const int Epochs = 120;
    private const int BatchSize = 16;
    private const double FirstRate = 0.005;
    private const int HeldOutExamples = 2000;

    private Network(SplitMix64 random) =>
        Layers = [
            new DenseLayer(House.FeatureCount, Hidden, isRectified: true, random),
            new DenseLayer(Hidden, Hidden, isRectified: true, random),
            new DenseLayer(Hidden, 1, isRectified: false, random),
        ];

    internal IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>Makes a network and trains it; the same market gives the same network on every machine.</summary>
    internal static Network Train(Market market)
    {
        var random = new SplitMix64(seed: 2026);
        var network = new Network(random);
        var houses = Enumerable.Range(0, Examples).Select(_ => House.Draw(random)).ToArray();
        var inputs = Array.ConvertAll(houses, house => house.Normalised());
        var targets = Array.ConvertAll(houses, house => (market.PriceEur(house) - MiddleEur) / SpreadEur);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            // Falling to almost nothing: the last epochs settle instead of circling the goal.
            var rate = FirstRate * (1 - (double)epoch / Epochs);
            for (var first = 0; first < Examples; first += BatchSize)
                network.Learn(inputs.AsSpan(first, BatchSize), targets.AsSpan(first, BatchSize), rate);
        }
        return network;
    }

    internal double PriceEur(House house) => MiddleEur + SpreadEur * Answer(house.Normalised());

    /// <summary>The mean error over houses that training has not seen, as a part of their mean price.</summary>
    internal double HeldOutError(Market market)
    {
        var random = new SplitMix64(seed: 7);
        var error = 0.0;
        var total = 0.0;
        for (var i = 0; i < HeldOutExamples; i++)
        {
            var house = House.Draw(random);
            error += Math.Abs(PriceEur(house) - market.PriceEur(house));
            total += market.PriceEur(house);
        }
        return error / total;
    }

    private void Learn(ReadOnlySpan<double[]> inputs, ReadOnlySpan<double> targets, double rate)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            double[] gradients = [(Answer(inputs[i]) - targets[i]) / inputs.Length];
            foreach (var layer in Layers.Reverse())
                gradients = layer.Backward(gradients);
        }
        foreach (var layer in Layers)
        {
            layer.Weights.Step(rate);
            layer.Biases.Step(rate);
        }
    }

    private double Answer(double[] features)
    {
        foreach (var layer in Layers)
            features = layer.Forward(features);
        return features[0];
    }
}

using ModelGenerator.Onnx;

namespace ModelGenerator.HousePrices;

/// <summary>The sample <c>house-prices</c>: named columns in, a price out, everything between inside the model.</summary>
internal static class HousePricesModel
{
    private const string Example = """
        {
          "inputs": {
            "area_m2": 120,
            "rooms": 4,
            "age_years": 20,
            "distance_km": 5,
            "has_garden": true
          }
        }

        """;

    private static readonly string[] Columns = ["area_m2", "rooms", "age_years", "distance_km", "has_garden"];

    /// <summary>Trains on a market and writes the model's files; returns the held-out error, as a part of the mean price.</summary>
    internal static double Write(string directory, Market market)
    {
        var network = Network.Train(market);
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "model.onnx"), Model(network, market).ToArray());
        File.WriteAllText(Path.Combine(directory, "example.json"), Example);
        return network.HeldOutError(market);
    }

    private static OnnxWriter Model(Network network, Market market)
    {
        // Nothing here needs a newer operator set, and older runtimes read this one.
        var model = new OnnxWriter("house-prices") { IrVersion = 8 }
            .Opset("", 17)
            .Metadata("version", market.Version);
        foreach (var column in Columns)
            model.Input(column, column == "has_garden" ? OnnxType.Bool : OnnxType.Float, "batch", 1);
        model.Output("price_eur", OnnxType.Float, "batch", 1);

        AddFeatures(model);
        for (var i = 0; i < network.Layers.Count; i++)
            AddLayer(model, network.Layers[i], i, isLast: i == network.Layers.Count - 1);
        return model
            .Weight(OnnxTensor.Of("spread_eur", [], (float)Network.SpreadEur))
            .Weight(OnnxTensor.Of("middle_eur", [], (float)Network.MiddleEur))
            .Node(new OnnxNode("Mul", ["answer", "spread_eur"], ["difference_eur"]))
            .Node(new OnnxNode("Add", ["difference_eur", "middle_eur"], ["price_eur"]));
    }

    private static void AddFeatures(OnnxWriter model)
    {
        var middles = House.Ranges.Select(range => (float)range.Middle).ToArray();
        var halfWidths = House.Ranges.Select(range => (float)range.HalfWidth).ToArray();
        model
            .Weight(OnnxTensor.Of("middles", [1, House.FeatureCount], middles))
            .Weight(OnnxTensor.Of("half_widths", [1, House.FeatureCount], halfWidths))
            .Node(
                new OnnxNode("Cast", ["has_garden"], ["garden"])
                {
                    Attributes = [OnnxAttribute.Int("to", (long)OnnxType.Float)],
                }
            )
            .Node(
                new OnnxNode("Concat", [.. Columns[..^1], "garden"], ["columns"])
                {
                    Attributes = [OnnxAttribute.Int("axis", 1)],
                }
            )
            .Node(new OnnxNode("Sub", ["columns", "middles"], ["centred"]))
            .Node(new OnnxNode("Div", ["centred", "half_widths"], ["layer_0_input"]));
    }

    private static void AddLayer(OnnxWriter model, DenseLayer layer, int index, bool isLast)
    {
        var name = $"layer_{index}";
        var weights = Array.ConvertAll(layer.Weights.Values, value => (float)value);
        var biases = Array.ConvertAll(layer.Biases.Values, value => (float)value);
        var sum = isLast ? "answer" : $"{name}_sum";
        model
            .Weight(OnnxTensor.Of($"{name}_weights", [layer.Inputs, layer.Outputs], weights))
            .Weight(OnnxTensor.Of($"{name}_biases", [layer.Outputs], biases))
            .Node(new OnnxNode("Gemm", [$"{name}_input", $"{name}_weights", $"{name}_biases"], [sum]));
        if (!isLast)
            model.Node(new OnnxNode("Relu", [sum], [$"layer_{index + 1}_input"]));
    }
}

using ModelGenerator.Onnx;

namespace ModelGenerator.Sentiment;

/// <summary>The sample <c>sentiment</c>: a text in, whether it praises or complains out; words are split inside the model.</summary>
internal static class SentimentModel
{
    /// <summary>How many words after a negator are turned.</summary>
    private const int Reach = 3;

    /// <summary>What a turned weight is multiplied with: "not great" is less bad than "great" is good.</summary>
    private const float Turned = -0.75f;

    private const string Example = """
        {
          "inputs": {
            "text": "The room was lovely and the staff were helpful."
          }
        }

        """;

    internal static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "model.onnx"), Model().ToArray());
        File.WriteAllText(Path.Combine(directory, "example.json"), Example);
    }

    private static OnnxWriter Model()
    {
        var model = new OnnxWriter("sentiment")
            .Opset("ai.onnx.ml", 4)
            .Opset("com.microsoft", 1)
            .Input("text", OnnxType.String, "batch")
            .Output("label", OnnxType.String, "batch")
            .Output("score", OnnxType.Float, "batch");
        AddWords(model);
        AddTurns(model);
        return model
            .Weight(OnnxTensor.Of("words_axis", [1], 1L))
            .Weight(OnnxTensor.Of("half", [], 0.5f))
            .Weight(OnnxTensor.OfStrings("positive", [], "positive"))
            .Weight(OnnxTensor.OfStrings("negative", [], "negative"))
            .Node(Lookup("weights", Lexicon.Weights))
            .Node(new OnnxNode("Mul", ["weights", "factors"], ["turned_weights"]))
            .Node(
                new OnnxNode("ReduceSum", ["turned_weights", "words_axis"], ["sum"])
                {
                    Attributes = [OnnxAttribute.Int("keepdims", 0)],
                }
            )
            .Node(new OnnxNode("Sigmoid", ["sum"], ["score"]))
            .Node(new OnnxNode("Greater", ["score", "half"], ["is_positive"]))
            .Node(new OnnxNode("Where", ["is_positive", "positive", "negative"], ["label"]));
    }

    /// <summary>Splits each text into its words: <c>words</c>, one row a text, short rows filled up with empty words.</summary>
    private static void AddWords(OnnxWriter model) =>
        model
            // A word without weight at the end: the operators after it fail on a batch without any word.
            .Weight(OnnxTensor.OfStrings("last_word", [1], " end"))
            .Node(new OnnxNode("StringConcat", ["text", "last_word"], ["ended"]))
            .Node(
                new OnnxNode("StringNormalizer", ["ended"], ["lower"])
                {
                    // The default locale, en_US, is missing from most containers.
                    Attributes =
                    [
                        OnnxAttribute.String("case_change_action", "LOWER"),
                        OnnxAttribute.String("locale", "C"),
                    ],
                }
            )
            // ONNX Runtime's own: ONNX can split at spaces only, which leaves the punctuation on the words.
            .Node(
                new OnnxNode("Tokenizer", ["lower"], ["words"])
                {
                    Domain = "com.microsoft",
                    Attributes =
                    [
                        OnnxAttribute.Int("mark", 0),
                        OnnxAttribute.Int("mincharnum", 1),
                        OnnxAttribute.String("pad_value", ""),
                        OnnxAttribute.String("tokenexp", "[a-z'’]+"),
                    ],
                }
            );

    /// <summary>Gives each word its factor: <see cref="Turned"/> where a negator stands shortly before it, else 1.</summary>
    private static void AddTurns(OnnxWriter model) =>
        model
            // Moves the negators one place to the right, with room at the left for the first window.
            .Weight(OnnxTensor.Of("shift", [4], 0L, Reach, 0, -1))
            .Weight(OnnxTensor.Of("channel_axis", [1], 1L))
            .Weight(OnnxTensor.Of("turn", [], Turned - 1))
            .Weight(OnnxTensor.Of("one", [], 1f))
            .Node(Lookup("negators", Lexicon.Negators.Select(word => (word, 1))))
            .Node(new OnnxNode("Pad", ["negators", "shift"], ["shifted"]))
            .Node(new OnnxNode("Unsqueeze", ["shifted", "channel_axis"], ["channel"]))
            .Node(
                new OnnxNode("MaxPool", ["channel"], ["windows"])
                {
                    Attributes = [OnnxAttribute.Ints("kernel_shape", Reach)],
                }
            )
            .Node(new OnnxNode("Squeeze", ["windows", "channel_axis"], ["is_turned"]))
            .Node(new OnnxNode("Mul", ["is_turned", "turn"], ["turns"]))
            .Node(new OnnxNode("Add", ["turns", "one"], ["factors"]));

    /// <summary>Looks each of <c>words</c> up; a word that is not in the list gets 0.</summary>
    private static OnnxNode Lookup(string output, IEnumerable<(string Word, int Value)> entries) =>
        new("LabelEncoder", ["words"], [output])
        {
            Domain = "ai.onnx.ml",
            Attributes =
            [
                OnnxAttribute.Strings("keys_strings", entries.Select(entry => entry.Word)),
                OnnxAttribute.Floats("values_floats", [.. entries.Select(entry => (float)entry.Value)]),
                OnnxAttribute.Float("default_float", 0),
            ],
        };
}

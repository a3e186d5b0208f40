using ModelGenerator.Onnx;

namespace ModelGenerator.Video;

/// <summary>The best possible denoiser of the 48 clips, in closed form: nothing is trained.</summary>
/// <remarks>
/// The clips are taken as a mixture of Gaussians around their latents. What a noisy latent most likely was is then the average
/// of the clips, weighted by a softmax over how well each explains it, with the text's score added. A clip's latents are its
/// colour times those of its motion, so products with 12 motions and with 4 colours do instead of 48. All arithmetic is in
/// float32: the scores reach millions, which a half does not hold.
/// </remarks>
internal static class Denoiser
{
    /// <summary>The initializers that LoRAs change; each stands once in the file, under this name.</summary>
    internal const string PaletteWeight = "palette";

    /// <inheritdoc cref="PaletteWeight"/>
    internal const string PrototypesWeight = "prototypes";

    /// <inheritdoc cref="PaletteWeight"/>
    internal const string TextWeight = "text_weights";

    /// <summary>
    /// The width of each Gaussian. With points instead of them, time 0 would divide by zero, and seeds would give results that
    /// nobody tells apart.
    /// </summary>
    internal const double Width = 0.25;

    private const int Clips = Palette.Count * Clip.Motions;

    internal static OnnxWriter Model(Prototypes prototypes)
    {
        var model = VideoModels
            .New("denoiser")
            .Input("latents", OnnxType.Float, "batch", LatentGrid.Channels, LatentGrid.Frames, "height", "width")
            .Input("timestep", OnnxType.Float, "batch", 1, "time_frames", "time_height", "time_width")
            .Input("context", OnnxType.Float, "batch", "length", Vocabulary.Meanings)
            .Output("velocity", OnnxType.Float, "batch", LatentGrid.Channels, LatentGrid.Frames, "height", "width")
            .Weight(OnnxTensor.Of(PaletteWeight, [Palette.Count, Palette.Planes], Colours()))
            .Weight(
                OnnxTensor.Of(
                    PrototypesWeight,
                    [Clip.Motions, LatentGrid.Kinds, Prototypes.Tokens],
                    prototypes.Weights()
                )
            )
            .Weight(
                OnnxTensor.Of(
                    TextWeight,
                    [Vocabulary.Meanings, TextScores.Columns],
                    [.. TextScores.Of(TextScores.Strength).Cast<double>().Select(score => (float)score)]
                )
            );
        AddGrid(model);
        AddTimes(model);
        AddLikelihoods(model);
        AddText(model);
        AddAverage(model);
        AddVelocity(model);
        return model;
    }

    /// <summary>The colours that the models know, [colour, plane].</summary>
    internal static float[] Colours() =>
        [
            .. Enumerable
                .Range(0, Palette.Count)
                .SelectMany(colour => Palette.Of((ClipColour)colour).Select(value => (float)value)),
        ];

    // motions [12, 14, tokens] and motion_rows [12, 14 * tokens]: those of the grid that the latents are of.
    private static void AddGrid(OnnxWriter model) =>
        model
            .Weight(OnnxTensor.Of("height_axis", [], 3L))
            .Weight(OnnxTensor.Of("full_height", [], (long)LatentGrid.FullSide))
            .Weight(OnnxTensor.Of("full_first", [], 0L))
            .Weight(OnnxTensor.Of("half_first", [], (long)LatentGrid.FullTokens))
            .Weight(OnnxTensor.Of("half_end", [], (long)Prototypes.Tokens))
            .Weight(OnnxTensor.Of("one_token", [], 1L))
            .Weight(OnnxTensor.Of("rows_shape", [2], (long)Clip.Motions, -1))
            .Node(new OnnxNode("Shape", ["latents"], ["latents_shape"]))
            .Node(new OnnxNode("Gather", ["latents_shape", "height_axis"], ["height"]))
            .Node(new OnnxNode("Equal", ["height", "full_height"], ["is_full"]))
            .Node(new OnnxNode("Where", ["is_full", "full_first", "half_first"], ["first_token"]))
            .Node(new OnnxNode("Where", ["is_full", "half_first", "half_end"], ["end_token"]))
            .Node(new OnnxNode("Range", ["first_token", "end_token", "one_token"], ["tokens"]))
            // A look-up and no slice: weights that are looked up are among those that can be quantised.
            .Node(
                new OnnxNode("Gather", [PrototypesWeight, "tokens"], ["motions"])
                {
                    Attributes = [OnnxAttribute.Int("axis", 2)],
                }
            )
            .Node(new OnnxNode("Reshape", ["motions", "rows_shape"], ["motion_rows"]))
            .Node(Transpose("motion_rows", "motion_columns", 1, 0));

    // For each token, of time t: left = 1 - t, part = (1 - t) s², variance = (1 - t)² s² + t².
    private static void AddTimes(OnnxWriter model) =>
        model
            .Weight(OnnxTensor.Of("one", [], 1f))
            .Weight(OnnxTensor.Of("half", [], 0.5f))
            .Weight(OnnxTensor.Of("width_squared", [], (float)(Width * Width)))
            .Weight(OnnxTensor.Of("one_channel", [1], 1L))
            .Weight(OnnxTensor.Of("batch_place", [1], 0L))
            .Weight(OnnxTensor.Of("batch_end", [1], 1L))
            .Weight(OnnxTensor.Of("grid_place", [1], 2L))
            .Weight(OnnxTensor.Of("grid_end", [1], 5L))
            .Node(new OnnxNode("Slice", ["latents_shape", "batch_place", "batch_end"], ["batch_size"]))
            .Node(new OnnxNode("Slice", ["latents_shape", "grid_place", "grid_end"], ["grid_size"]))
            .Node(Concat("time_shape", 0, "batch_size", "one_channel", "grid_size"))
            .Node(new OnnxNode("Expand", ["timestep", "time_shape"], ["t"]))
            .Node(new OnnxNode("Sub", ["one", "t"], ["left"]))
            .Node(new OnnxNode("Mul", ["left", "width_squared"], ["part"]))
            .Node(new OnnxNode("Mul", ["left", "part"], ["own_variance"]))
            .Node(new OnnxNode("Mul", ["t", "t"], ["noise_variance"]))
            .Node(new OnnxNode("Add", ["own_variance", "noise_variance"], ["variance"]));

    // For each clip: sum over tokens of left/variance <x, y> - left²/(2 variance) |y|². What all clips share is left out.
    private static void AddLikelihoods(OnnxWriter model) =>
        model
            .Weight(OnnxTensor.Of("planes_shape", [3], 0L, Palette.Planes, -1))
            .Weight(OnnxTensor.Of("tokens_shape", [3], 0L, 1, -1))
            .Node(new OnnxNode("Div", ["left", "variance"], ["product_weight"]))
            .Node(new OnnxNode("Mul", ["product_weight", "left"], ["twice_norm_weight"]))
            .Node(new OnnxNode("Mul", ["twice_norm_weight", "half"], ["norm_weight"]))
            .Node(new OnnxNode("Mul", ["latents", "product_weight"], ["weighted"]))
            .Node(new OnnxNode("Reshape", ["weighted", "planes_shape"], ["weighted_planes"]))
            .Node(new OnnxNode("MatMul", ["weighted_planes", "motion_columns"], ["plane_products"]))
            .Node(new OnnxNode("MatMul", [PaletteWeight, "plane_products"], ["products"]))
            // The lengths are computed here, so that they stay right when a LoRA changes what they are of.
            .Node(Reduce("ReduceSumSquare", "motions", "motion_norms", 1, keepsAxis: false))
            .Node(Transpose("motion_norms", "norm_columns", 1, 0))
            .Node(new OnnxNode("Reshape", ["norm_weight", "tokens_shape"], ["norm_weights"]))
            .Node(new OnnxNode("MatMul", ["norm_weights", "norm_columns"], ["weighted_norms"]))
            .Node(Reduce("ReduceSumSquare", PaletteWeight, "colour_norms", 1, keepsAxis: true))
            .Node(new OnnxNode("Mul", ["colour_norms", "weighted_norms"], ["norms"]))
            .Node(new OnnxNode("Sub", ["products", "norms"], ["likelihoods"]));

    // For each clip: what the words say for its colour and its motion. Order, padding and repetition of words do not matter.
    private static void AddText(OnnxWriter model) =>
        model
            .Weight(OnnxTensor.Of("score_sizes", [2], (long)Palette.Count, Clip.Motions))
            .Weight(OnnxTensor.Of("colours_shape", [3], 0L, Palette.Count, 1))
            .Weight(OnnxTensor.Of("motions_shape", [3], 0L, 1, Clip.Motions))
            .Node(Reduce("ReduceMax", "context", "meanings", 1, keepsAxis: false))
            .Node(new OnnxNode("MatMul", ["meanings", TextWeight], ["text_scores"]))
            .Node(
                new OnnxNode("Split", ["text_scores", "score_sizes"], ["colour_scores", "motion_scores"])
                {
                    Attributes = [OnnxAttribute.Int("axis", 1)],
                }
            )
            .Node(new OnnxNode("Reshape", ["colour_scores", "colours_shape"], ["by_colour"]))
            .Node(new OnnxNode("Reshape", ["motion_scores", "motions_shape"], ["by_motion"]))
            .Node(new OnnxNode("Add", ["by_colour", "by_motion"], ["text"]));

    // The clips' average in the latents' shape, each weighted by how likely it is.
    private static void AddAverage(OnnxWriter model) =>
        model
            .Weight(OnnxTensor.Of("clips_shape", [2], 0L, Clips))
            .Weight(OnnxTensor.Of("factors_shape", [3], 0L, Palette.Count, Clip.Motions))
            .Node(new OnnxNode("Add", ["likelihoods", "text"], ["scores"]))
            .Node(new OnnxNode("Reshape", ["scores", "clips_shape"], ["clip_scores"]))
            .Node(
                new OnnxNode("Softmax", ["clip_scores"], ["clip_weights"])
                {
                    Attributes = [OnnxAttribute.Int("axis", -1)],
                }
            )
            .Node(new OnnxNode("Reshape", ["clip_weights", "factors_shape"], ["weights"]))
            .Node(Transpose(PaletteWeight, "palette_columns", 1, 0))
            .Node(new OnnxNode("MatMul", ["palette_columns", "weights"], ["plane_weights"]))
            .Node(new OnnxNode("MatMul", ["plane_weights", "motion_rows"], ["average_planes"]))
            .Node(new OnnxNode("Reshape", ["average_planes", "latents_shape"], ["average"]));

    // ((t - part) x - t average) / variance. Not as a quotient by t: near time 0 that would be noise.
    private static void AddVelocity(OnnxWriter model) =>
        model
            .Node(new OnnxNode("Sub", ["t", "part"], ["kept"]))
            .Node(new OnnxNode("Mul", ["kept", "latents"], ["kept_latents"]))
            .Node(new OnnxNode("Mul", ["t", "average"], ["aim"]))
            .Node(new OnnxNode("Sub", ["kept_latents", "aim"], ["difference"]))
            .Node(new OnnxNode("Div", ["difference", "variance"], ["velocity"]));

    private static OnnxNode Transpose(string input, string output, params long[] order) =>
        new("Transpose", [input], [output]) { Attributes = [OnnxAttribute.Ints("perm", order)] };

    private static OnnxNode Concat(string output, long axis, params string[] inputs) =>
        new("Concat", inputs, [output]) { Attributes = [OnnxAttribute.Int("axis", axis)] };

    private static OnnxNode Reduce(string name, string input, string output, long axis, bool keepsAxis) =>
        new(name, [input], [output])
        {
            Attributes = [OnnxAttribute.Ints("axes", axis), OnnxAttribute.Int("keepdims", keepsAxis ? 1 : 0)],
        };
}

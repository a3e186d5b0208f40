using ModelGenerator.Onnx;

namespace ModelGenerator.Video;

/// <summary>The four small networks around the denoiser.</summary>
internal static class VideoModels
{
    /// <summary>Ids of words in, what they mean out: a look-up.</summary>
    internal static OnnxWriter TextEncoder()
    {
        var table = new float[(Vocabulary.Words.Count + 1) * Vocabulary.Meanings];
        for (var i = 0; i < Vocabulary.Words.Count; i++)
            table[(i + 1) * Vocabulary.Meanings + Vocabulary.Words[i].Meaning] = 1;
        return New("text-encoder")
            .Input("ids", OnnxType.Int64, "batch", "length")
            .Output("context", OnnxType.Float, "batch", "length", Vocabulary.Meanings)
            .Weight(OnnxTensor.Of("meanings", [Vocabulary.Words.Count + 1, Vocabulary.Meanings], table))
            .Node(new OnnxNode("Gather", ["meanings", "ids"], ["context"]));
    }

    /// <summary>A clip or an image in, its latents out.</summary>
    internal static OnnxWriter Encoder(PatchBasis basis) =>
        New("vae-encoder")
            .Input("video", OnnxType.Float, "batch", Palette.Planes, "frames", "height", "width")
            .Output(
                "latents",
                OnnxType.Float,
                "batch",
                LatentGrid.Channels,
                "latent_frames",
                "latent_height",
                "latent_width"
            )
            .Weight(Basis(basis, LatentGrid.Scale))
            .Weight(OnnxTensor.Of("zero", [1], 0L))
            .Weight(OnnxTensor.Of("one", [1], 1L))
            .Weight(OnnxTensor.Of("frame_axis", [1], 2L))
            .Weight(OnnxTensor.Of("plane_shape", [5], -1L, 1, 0, 0, 0))
            .Weight(OnnxTensor.Of("latents_shape", [5], -1L, LatentGrid.Channels, 0, 0, 0))
            // The first patch in time: the first frame, four times.
            .Node(new OnnxNode("Slice", ["video", "zero", "one", "frame_axis"], ["first_frame"]))
            .Node(
                new OnnxNode(
                    "Concat",
                    [.. Enumerable.Repeat("first_frame", LatentGrid.Temporal - 1), "video"],
                    ["padded"]
                )
                {
                    Attributes = [OnnxAttribute.Int("axis", 2)],
                }
            )
            .Node(new OnnxNode("Reshape", ["padded", "plane_shape"], ["planes"]))
            .Node(
                new OnnxNode("Conv", ["planes", "basis"], ["plane_latents"])
                {
                    Attributes = [Strides(LatentGrid.Temporal, LatentGrid.Spatial)],
                }
            )
            .Node(new OnnxNode("Reshape", ["plane_latents", "latents_shape"], ["latents"]));

    /// <summary>Latents in, the clip out.</summary>
    internal static OnnxWriter Decoder(PatchBasis basis) =>
        New("vae-decoder")
            .Input(
                "latents",
                OnnxType.Float,
                "batch",
                LatentGrid.Channels,
                "latent_frames",
                "latent_height",
                "latent_width"
            )
            .Output("video", OnnxType.Float, "batch", Palette.Planes, "frames", "height", "width")
            .Weight(Basis(basis, 1 / LatentGrid.Scale))
            .Weight(OnnxTensor.Of("first", [1], (long)LatentGrid.Temporal - 1))
            .Weight(OnnxTensor.Of("end", [1], long.MaxValue))
            .Weight(OnnxTensor.Of("frame_axis", [1], 2L))
            .Weight(OnnxTensor.Of("plane_shape", [5], -1L, LatentGrid.Kinds, 0, 0, 0))
            .Weight(OnnxTensor.Of("video_shape", [5], -1L, Palette.Planes, 0, 0, 0))
            // Grey lies between the bytes 127 and 128: without it noise too small to see would turn a third of all bytes.
            .Weight(OnnxTensor.Of("off_the_edge", [], 1 / 255f))
            .Weight(OnnxTensor.Of("lowest", [], -1f))
            .Weight(OnnxTensor.Of("highest", [], 1f))
            .Node(new OnnxNode("Reshape", ["latents", "plane_shape"], ["plane_latents"]))
            .Node(
                new OnnxNode("ConvTranspose", ["plane_latents", "basis"], ["planes"])
                {
                    Attributes = [Strides(LatentGrid.Temporal, LatentGrid.Spatial)],
                }
            )
            .Node(new OnnxNode("Reshape", ["planes", "video_shape"], ["padded"]))
            .Node(new OnnxNode("Slice", ["padded", "first", "end", "frame_axis"], ["plain"]))
            .Node(new OnnxNode("Add", ["plain", "off_the_edge"], ["moved"]))
            .Node(new OnnxNode("Clip", ["moved", "lowest", "highest"], ["video"]));

    /// <summary>Latents of the half grid in, of the full one out.</summary>
    internal static OnnxWriter Upsampler(Doubling doubling) =>
        New("latent-upsampler")
            .Input("latents", OnnxType.Float, "batch", LatentGrid.Channels, "frames", "height", "width")
            .Output(
                "upsampled",
                OnnxType.Float,
                "batch",
                LatentGrid.Channels,
                "frames",
                "doubled_height",
                "doubled_width"
            )
            .Weight(OnnxTensor.Of("doubling", [LatentGrid.Kinds, LatentGrid.Kinds, 1, 2, 2], doubling.Weights()))
            .Weight(OnnxTensor.Of("plane_shape", [5], -1L, LatentGrid.Kinds, 0, 0, 0))
            .Weight(OnnxTensor.Of("latents_shape", [5], -1L, LatentGrid.Channels, 0, 0, 0))
            .Node(new OnnxNode("Reshape", ["latents", "plane_shape"], ["plane_latents"]))
            .Node(
                new OnnxNode("ConvTranspose", ["plane_latents", "doubling"], ["planes"])
                {
                    Attributes = [Strides(1, 2)],
                }
            )
            .Node(new OnnxNode("Reshape", ["planes", "latents_shape"], ["upsampled"]));

    /// <summary>An empty model of the operator set that all of them need.</summary>
    internal static OnnxWriter New(string name) =>
        new OnnxWriter(name) { IrVersion = 8 }
            .Opset("", 17)
            .Metadata("sample", "video");

    private static OnnxTensor Basis(PatchBasis basis, double factor) =>
        OnnxTensor.Of(
            "basis",
            [LatentGrid.Kinds, 1, LatentGrid.Temporal, LatentGrid.Spatial, LatentGrid.Spatial],
            basis.Weights(factor)
        );

    private static OnnxAttribute Strides(long temporal, long spatial) =>
        OnnxAttribute.Ints("strides", temporal, spatial, spatial);
}

using System.Text.Json;
using Larder.Onnx;

namespace ModelGenerator.Video;

/// <summary>Runs the models of the sample as their README says: noise and a prompt in, a clip out.</summary>
internal sealed class VideoPipeline : IDisposable
{
    private readonly OnnxModel _textEncoder;
    private readonly OnnxModel _denoiser;
    private readonly OnnxModel _encoder;
    private readonly OnnxModel _decoder;
    private readonly OnnxModel _upsampler;
    private readonly Dictionary<string, long> _words;

    internal VideoPipeline(string? denoiser = null)
    {
        _textEncoder = Load("text_encoder.onnx");
        _denoiser = OnnxModel.Load(denoiser ?? File("denoiser.onnx"));
        _encoder = Load("vae_encoder.onnx");
        _decoder = Load("vae_decoder.onnx");
        _upsampler = Load("latent_upsampler.onnx");
        using var vocabulary = JsonDocument.Parse(System.IO.File.ReadAllBytes(File("vocabulary.json")));
        _words = vocabulary
            .RootElement.GetProperty("words")
            .EnumerateObject()
            .ToDictionary(word => word.Name, word => word.Value.GetInt64(), StringComparer.Ordinal);
    }

    internal static string File(string name) => Path.Combine(AppContext.BaseDirectory, "models/video", name);

    public void Dispose()
    {
        _textEncoder.Dispose();
        _denoiser.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
        _upsampler.Dispose();
    }

    /// <summary>The context of several prompts, short ones filled up.</summary>
    internal Tensor<float> Encode(params IReadOnlyList<string> prompts)
    {
        var ids = prompts.Select(Ids).ToArray();
        var length = Math.Max(1, ids.Max(row => row.Length));
        var all = new long[prompts.Count * length];
        for (var i = 0; i < ids.Length; i++)
            ids[i].CopyTo(all, i * length);
        return Run(_textEncoder, "context", ("ids", new Tensor<long>(all, prompts.Count, length)));
    }

    /// <summary>Gaussian noise for a clip whose pictures have latents of this many tokens along each side.</summary>
    internal static float[] Noise(ulong seed, int side)
    {
        var random = new SplitMix64(seed);
        var noise = new float[LatentGrid.Channels * LatentGrid.Frames * side * side];
        for (var i = 0; i < noise.Length; i += 2)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.Next(0, 1)));
            var (sine, cosine) = Math.SinCos(random.Next(0, 2 * Math.PI));
            noise[i] = (float)(radius * cosine);
            noise[i + 1] = (float)(radius * sine);
        }
        return noise;
    }

    /// <summary>Goes from the first of the noise levels to the last, with Euler's steps and guidance.</summary>
    internal float[] Sample(
        float[] start,
        int side,
        IReadOnlyList<double> sigmas,
        double guidance,
        string prompt,
        string negative = "",
        GuidedFrame? guided = null
    )
    {
        var context = guidance == 1 ? Encode(prompt) : Encode(prompt, negative);
        var x = (float[])start.Clone();
        if (guided is { HasOwnTime: true })
            Blend(x, guided, side);
        for (var step = 0; step + 1 < sigmas.Count; step++)
        {
            var times = Times(sigmas[step], guided);
            var velocity = Guided(Velocity(x, side, times, context), guidance);
            var clean = new float[x.Length];
            for (var i = 0; i < x.Length; i++)
                clean[i] = x[i] - times[times.Length == 1 ? 0 : FrameOf(i, side)] * velocity[i];
            if (guided is not null)
                Blend(clean, guided, side);
            var ratio = (float)(sigmas[step + 1] / sigmas[step]);
            for (var i = 0; i < x.Length; i++)
                x[i] = clean[i] + ratio * (x[i] - clean[i]);
        }
        return x;
    }

    /// <summary>One call of the denoiser with a time for all tokens, or one for each latent frame.</summary>
    internal float[] Velocity(float[] latents, int side, float[] times, Tensor<float> context)
    {
        var batch = (int)context.Shape[0];
        var inputs = Enumerable.Repeat(latents, batch).SelectMany(row => row).ToArray();
        var rows = Enumerable.Repeat(times, batch).SelectMany(row => row).ToArray();
        var velocity = Run(
            _denoiser,
            "velocity",
            ("latents", Latents(inputs, side)),
            ("timestep", new Tensor<float>(rows, batch, 1, times.Length, 1, 1)),
            ("context", context)
        );
        return velocity.Data.ToArray();
    }

    internal float[] Upsample(float[] latents) =>
        Run(_upsampler, "upsampled", ("latents", Latents(latents, LatentGrid.HalfSide))).Data.ToArray();

    internal float[] Decode(float[] latents, int side) =>
        Run(_decoder, "video", ("latents", Latents(latents, side))).Data.ToArray();

    /// <summary>The latents of a clip, or of an image, whose only latent frame then is all there is.</summary>
    internal float[] EncodeVideo(float[] video, int size)
    {
        var frames = video.Length / (Palette.Planes * size * size);
        return Run(_encoder, "latents", ("video", new Tensor<float>(video, 1, Palette.Planes, frames, size, size)))
            .Data.ToArray();
    }

    private static float[] Times(double sigma, GuidedFrame? guided)
    {
        if (guided is not { HasOwnTime: true })
            return [(float)sigma];
        var times = Enumerable.Repeat((float)sigma, LatentGrid.Frames).ToArray();
        times[guided.Frame] *= (float)(1 - guided.Strength);
        return times;
    }

    private static float[] Guided(float[] velocity, double guidance)
    {
        if (guidance == 1)
            return velocity;
        var half = velocity.Length / 2;
        var guided = new float[half];
        for (var i = 0; i < half; i++)
            guided[i] = velocity[half + i] + (float)guidance * (velocity[i] - velocity[half + i]);
        return guided;
    }

    private static void Blend(float[] latents, GuidedFrame guided, int side)
    {
        for (var i = 0; i < latents.Length; i++)
            if (FrameOf(i, side) == guided.Frame)
                latents[i] += (float)guided.Strength * (guided.Clean[i] - latents[i]);
    }

    private static int FrameOf(int i, int side) => i / (side * side) % LatentGrid.Frames;

    private static Tensor<float> Latents(float[] values, int side)
    {
        var frames = LatentGrid.Frames;
        var batch = values.Length / (LatentGrid.Channels * frames * side * side);
        return new Tensor<float>(values, batch, LatentGrid.Channels, frames, side, side);
    }

    private static Tensor<float> Run(OnnxModel model, string output, params (string Name, Tensor Value)[] inputs) =>
        (Tensor<float>)
            model.Run(
                inputs.ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
                TestContext.Current.CancellationToken
            )[output];

    private static OnnxModel Load(string name) => OnnxModel.Load(File(name));

    private long[] Ids(string prompt)
    {
        var letters = prompt.ToLowerInvariant().Select(c => char.IsLetter(c) ? c : ' ').ToArray();
        return
        [
            .. new string(letters)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => _words.GetValueOrDefault(word))
                .Where(id => id != 0),
        ];
    }
}

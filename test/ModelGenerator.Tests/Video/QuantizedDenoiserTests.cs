using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Onnx.Passes;
using Larder.Passes;
using Larder.TestKit;

namespace ModelGenerator.Video;

public sealed class QuantizedDenoiserTests
{
    // The prototypes are looked up, which the pass takes for a table of words and leaves alone unless it is told.
    [Theory]
    [InlineData("""{"operators": ["Gather"]}""", 0.03)]
    [InlineData("""{"operators": ["Gather"], "axis": "closest"}""", 0.009)]
    public async Task Sample_WeightsOfEightBits_GivesThePromptedClipsNearly(string options, double mostOff)
    {
        using var directory = new TempDirectory();
        var file = await QuantizeAsync(directory, options);
        using var plain = new VideoPipeline();
        using var quantized = new VideoPipeline(file);
        var errors = new List<double>();
        var hits = 0;
        var known = new KnownLatents(plain, Clip.HalfSize);
        foreach (var clip in Clip.All)
            for (var seed = 0UL; seed < 3; seed++)
            {
                var noise = VideoPipeline.Noise(seed * 48 + (ulong)clip.Index, LatentGrid.HalfSide);
                var expected = plain.Sample(noise, LatentGrid.HalfSide, Sigmas.Distilled, 4, clip.Prompt);
                var actual = quantized.Sample(noise, LatentGrid.HalfSide, Sigmas.Distilled, 4, clip.Prompt);
                hits += known.Nearest(actual) == clip ? 1 : 0;
                errors.Add(ClipComparison.RelativeDistance(actual, expected));
            }

        var size = new FileInfo(file).Length;
        Log(
            $"{size} bytes, {hits} of {errors.Count} right, relative distance {errors.Average():F4}, at most {errors.Max():F4}"
        );
        Assert.InRange(size, 0, 90_000);
        Assert.Equal(errors.Count, hits);
        Assert.InRange(errors.Max(), 1e-4, mostOff);
    }

    private static async Task<string> QuantizeAsync(TempDirectory directory, string options)
    {
        foreach (var name in new[] { "input", "output", "work" })
            Directory.CreateDirectory(directory[name]);
        File.Copy(VideoPipeline.File("denoiser.onnx"), Path.Combine(directory["input"], "denoiser.onnx"));
        var pass = OnnxPasses.All().Single(pass => pass.Name == "onnx-quantize");
        var bytes = await File.ReadAllBytesAsync(
            VideoPipeline.File("denoiser.onnx"),
            TestContext.Current.CancellationToken
        );
        var run = new PassRun
        {
            InputPath = directory["input"],
            Input = Manifest.Create([new("denoiser.onnx", bytes.Length, Digest.Of(bytes))]),
            OutputPath = directory["output"],
            WorkPath = directory["work"],
            Log = Log,
        };
        await pass.Plan(new StepRequest(JsonNode.Parse(options)!.AsObject(), "$", "/"))
            .RunAsync(run, TestContext.Current.CancellationToken);
        return Path.Combine(directory["output"], "denoiser.onnx");
    }

    private static void Log(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}

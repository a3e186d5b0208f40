using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Diffusion.Models;
using Larder.Diffusion.Tests.Models;
using Larder.Onnx.Passes;
using Larder.Passes;
using Larder.TestKit;

[assembly: AssemblyFixture(typeof(SampleModels))]

namespace Larder.Diffusion.Tests.Models;

/// <summary>The sample models, loaded once for all tests: as they are, with weights of 8 bits, and with another palette.</summary>
public sealed class SampleModels : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Lazy<VideoModels> _quantized;
    private readonly Lazy<VideoModels> _purple;

    public SampleModels()
    {
        Plain = VideoModels.Load(Directory);
        _quantized = new Lazy<VideoModels>(() => With(Quantize()));
        _purple = new Lazy<VideoModels>(() => With(MakePurple()));
    }

    /// <summary>Where the files of the sample are.</summary>
    public static string Directory => Path.Combine(AppContext.BaseDirectory, "models", "video");

    public VideoModels Plain { get; }

    /// <summary>The denoiser's prototypes are of 8 bits.</summary>
    public VideoModels Quantized => _quantized.Value;

    /// <summary>The denoiser's red is purple, as a LoRA of full strength makes it.</summary>
    public VideoModels Purple => _purple.Value;

    public void Dispose()
    {
        Plain.Dispose();
        if (_quantized.IsValueCreated)
            Quantized.Dispose();
        if (_purple.IsValueCreated)
            Purple.Dispose();
        _directory.Dispose();
    }

    private static VideoModels With(string denoiser) =>
        VideoModels.Load(Directory, new VideoModelFiles { Denoiser = denoiser });

    private string MakePurple()
    {
        var file = File.ReadAllBytes(Path.Combine(Directory, "denoiser.onnx"));
        var red = Bytes(0.8f, -0.8f, -0.8f, -0.8f, 0.8f, -0.8f);
        var place = file.AsSpan().IndexOf(red);
        Assert.True(place >= 0 && file.AsSpan(place + 1).IndexOf(red) < 0, "The palette is not in the file once.");
        Bytes(0.2f, -0.8f, 0.6f).CopyTo(file, place);
        var path = _directory["purple.onnx"];
        File.WriteAllBytes(path, file);
        return path;

        static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
    }

    private string Quantize()
    {
        foreach (var name in new[] { "input", "output", "work" })
            System.IO.Directory.CreateDirectory(_directory[name]);
        var bytes = File.ReadAllBytes(Path.Combine(Directory, "denoiser.onnx"));
        File.WriteAllBytes(Path.Combine(_directory["input"], "denoiser.onnx"), bytes);
        var run = new PassRun
        {
            InputPath = _directory["input"],
            Input = Manifest.Create([new("denoiser.onnx", bytes.Length, Digest.Of(bytes))]),
            OutputPath = _directory["output"],
            WorkPath = _directory["work"],
            Log = _ => { },
        };
        var options = JsonNode.Parse("""{"operators": ["Gather"]}""")!.AsObject();
        OnnxPasses
            .All()
            .Single(pass => pass.Name == "onnx-quantize")
            .Plan(new StepRequest(options, "$", "/"))
            .RunAsync(run, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        return Path.Combine(_directory["output"], "denoiser.onnx");
    }
}

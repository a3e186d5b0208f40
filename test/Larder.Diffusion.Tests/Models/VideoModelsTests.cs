using System.Text.Json.Nodes;
using Larder.Diffusion.Models;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Models;

public sealed class VideoModelsTests(SampleModels models) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_Sample_KnowsWhatItIs()
    {
        var facts = models.Plain.Facts;

        Assert.Equal("video", facts.Name);
        Assert.Equal((17, 64, 64, 8.0), (facts.Frames, facts.Width, facts.Height, facts.FramesPerSecond));
        Assert.Equal(new LatentShape(42, 5, 8, 8), facts.Full);
        Assert.Equal(new LatentShape(42, 5, 4, 4), facts.Half);
        Assert.Equal((4096, 0.1), (facts.ScheduleTokens, facts.ScheduleTerminal));
        Assert.True(models.Plain.HasUpsampler);
        Assert.False(models.Plain.IsDenoiserReplaced);
        Assert.True(models.Quantized.IsDenoiserReplaced);
        Assert.Equal(
            Directory.GetFiles(SampleModels.Directory, "*.onnx").Sum(file => new FileInfo(file).Length),
            models.Plain.SizeBytes
        );
    }

    [Fact]
    public void Words_Sample_AreThoseOfItsVocabulary()
    {
        Assert.Equal(23, models.Plain.Words.Count);
        Assert.Equal(["red", "crimson", "green"], models.Plain.Words.Take(3));
        Assert.Equal(
            ["crimson", "box", "right", "box"],
            models.Plain.WordsOf("A CRIMSON box, moving\tright-box! Purple.")
        );
        Assert.Empty(models.Plain.WordsOf("a purple thing"));
    }

    [Fact]
    public void Load_NoDirectory_SaysSo() =>
        Assert.Contains(
            "model.json: It cannot be read",
            Assert.Throws<DiffusionException>(() => VideoModels.Load(_directory["none"])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Load_OtherChannels_TellsEveryPortThatDoesNotFit()
    {
        Change(json => json["latents"]!["channels"] = 40);

        var failure = Assert.Throws<DiffusionException>(() => VideoModels.Load(_directory.Path));

        Assert.Equal(
            [
                "denoiser.onnx, input 'latents'",
                "denoiser.onnx, output 'velocity'",
                "latent_upsampler.onnx, input 'latents'",
                "latent_upsampler.onnx, output 'upsampled'",
                "vae_decoder.onnx, input 'latents'",
                "vae_encoder.onnx, output 'latents'",
            ],
            failure.Faults.Select(fault => fault.Subject).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "It is float32[batch,42,5,height,width]. Expected is float32[1 or 2,40,5,4 or 8,4 or 8].",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Load_OtherContext_TellsBothSides()
    {
        Change(json => json["text"]!["context_size"] = 12);

        var failure = Assert.Throws<DiffusionException>(() => VideoModels.Load(_directory.Path));

        Assert.Equal(
            ["denoiser.onnx, input 'context'", "text_encoder.onnx, output 'context'"],
            failure.Faults.Select(fault => fault.Subject).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Load_FilesMissingDamagedAndSwapped_TellsAll()
    {
        Change(_ => { });
        File.Delete(_directory["vae_encoder.onnx"]);
        File.WriteAllText(_directory["text_encoder.onnx"], "no model");
        File.Copy(_directory["vae_decoder.onnx"], _directory["latent_upsampler.onnx"], overwrite: true);
        File.WriteAllText(_directory["vocabulary.json"], """{"padding": 1, "words": {"red": 1, "blue": "x"}}""");

        var failure = Assert.Throws<DiffusionException>(() => VideoModels.Load(_directory.Path));

        var subjects = failure.Faults.Select(fault => fault.Subject).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "vae_encoder.onnx",
                "text_encoder.onnx",
                "latent_upsampler.onnx, output 'upsampled'",
                "vocabulary.json: padding",
                "vocabulary.json: words.blue",
            },
            subjects
        );
        Assert.Contains(
            "There is none; the model has 'video'. Expected is float32",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("video.frames", "16", "by latents.frames and latents.temporal_factor it is 17")]
    [InlineData("video.width", "60", "by latents.full and latents.spatial_factor it is 64")]
    [InlineData("latents.half.height", "3", "latents.full.height: It is 8: by latents.half it is 6")]
    [InlineData("latents.channels", "0", "latents.channels: It is 0: it goes from 1")]
    [InlineData("latents.channels", "\"many\"", "latents.channels: It is 'many': give a whole number.")]
    [InlineData("latents.frames", "null", "latents.frames: ")]
    [InlineData("denoiser.prediction", "\"noise\"", "only 'velocity' is known")]
    [InlineData("schedule.terminal", "1", "schedule.terminal: It is 1")]
    [InlineData("video.highest", "-1", "video.highest: It is -1: it is more than video.lowest")]
    [InlineData(
        "files.denoiser",
        "\"../denoiser.onnx\"",
        "files.denoiser: The path '../denoiser.onnx' has a '.' or '..' segment"
    )]
    public void Load_DocumentThatMakesNoSense_SaysWhatIsWrong(string path, string value, string message)
    {
        Change(json =>
        {
            var names = path.Split('.');
            var parent = names[..^1].Aggregate((JsonNode)json, (node, name) => node[name]!);
            parent[names[^1]] = JsonNode.Parse(value);
        });

        var failure = Assert.Throws<DiffusionException>(() => VideoModels.Load(_directory.Path));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FixedTextLength_IsCheckedAgainstThePorts()
    {
        // The sample takes prompts of any length, so filling them up to 5 does no harm.
        Change(json => json["text"]!["length"] = 5);

        using var loaded = VideoModels.Load(_directory.Path);

        Assert.Equal(5, loaded.Facts.TextLength);
    }

    [Fact]
    public void Load_OtherDenoiserThatIsNone_NamesTheFile()
    {
        var failure = Assert.Throws<DiffusionException>(() =>
            VideoModels.Load(
                SampleModels.Directory,
                new VideoModelFiles { Denoiser = Path.Combine(SampleModels.Directory, "vae_decoder.onnx") }
            )
        );

        Assert.Contains("vae_decoder.onnx, input 'timestep'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crimson, a ball going UPWARDS", new long[] { 2, 12, 21 })]
    [InlineData("red-blue_red", new long[] { 1, 5, 1 })]
    [InlineData(" ..! ", new long[0])]
    public void IdsOf_Words(string text, long[] expected) => Assert.Equal(expected, models.Plain.IdsOf(text));

    // A copy of the sample whose model.json is another.
    private void Change(Action<JsonObject> change)
    {
        foreach (var file in Directory.GetFiles(SampleModels.Directory))
            File.Copy(file, _directory[Path.GetFileName(file)]);
        var json = JsonNode.Parse(File.ReadAllText(_directory["model.json"]))!.AsObject();
        change(json);
        File.WriteAllText(_directory["model.json"], json.ToJsonString());
    }
}

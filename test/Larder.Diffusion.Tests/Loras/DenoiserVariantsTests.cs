using System.Collections.Concurrent;
using Larder.Diffusion.Loras;
using Larder.Onnx;
using Larder.Origins;
using Larder.Passes;
using Larder.Passes.Running;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Loras;

public sealed class DenoiserVariantsTests : IDisposable
{
    private const string Denoiser = "denoiser.onnx";

    private static readonly string Samples = Path.Combine(Repository.Root, "samples/models/video");

    private readonly TempDirectory _directory = new();
    private readonly ModelCache _cache;
    private readonly DenoiserVariants _variants;

    public DenoiserVariantsTests()
    {
        Copy(Samples, Models);
        _cache = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] });
        _variants = new DenoiserVariants(_cache);
    }

    private string Models => _directory["models"];

    [Fact]
    public async Task GetAsync_NothingToDo_IsTheModelsOwnFile()
    {
        using var models = await PullAsync();

        using var plain = await GetAsync(models, new DenoiserVariant { Loras = [Sample("purple", 0)] });

        Assert.Equal(Path.Combine(models.Path, Denoiser), plain.Path);
        Assert.Empty(plain.Passes);
    }

    [Fact]
    public async Task GetAsync_Loras_AreAddedOnceAndThenFound()
    {
        using var models = await PullAsync();
        var variant = new DenoiserVariant { Loras = [Sample("purple"), Sample("diamond", 0.5)] };

        using var first = await GetAsync(models, variant);
        using var second = await GetAsync(models, variant);

        Assert.Equal(("onnx-lora", StepOutcome.Computed), Of(Assert.Single(first.Passes)));
        Assert.Equal(("onnx-lora", StepOutcome.LocalHit), Of(Assert.Single(second.Passes)));
        Assert.Equal(first.Path, second.Path);
        // Nothing else of the models comes along.
        Assert.Equal([Denoiser], Directory.EnumerateFiles(Path.GetDirectoryName(first.Path)!).Select(Path.GetFileName));
        Assert.NotEqual(Velocity(Path.Combine(models.Path, Denoiser)), Velocity(first.Path));
    }

    [Fact]
    public async Task GetAsync_SameLorasElsewhereAndStrengthsOfZero_AreFound()
    {
        using var models = await PullAsync();
        using var first = await GetAsync(models, new DenoiserVariant { Loras = [Sample("purple"), Sample("diamond")] });
        File.Copy(Sample("purple").Path, _directory["other name"]);

        using var second = await GetAsync(
            models,
            new DenoiserVariant
            {
                Loras = [Sample("distilled", 0), new Lora(_directory["other name"]), Sample("diamond")],
            }
        );

        Assert.Equal(StepOutcome.LocalHit, Assert.Single(second.Passes).Outcome);
        Assert.Equal(first.Path, second.Path);
    }

    [Fact]
    public async Task GetAsync_OtherOrderOrStrength_IsAnother()
    {
        using var models = await PullAsync();
        Lora[][] all =
        [
            [Sample("purple")],
            [Sample("purple", 0.5)],
            [Sample("purple"), Sample("diamond")],
            [Sample("diamond"), Sample("purple")],
            [Sample("purple"), Sample("purple")],
        ];

        foreach (var loras in all)
        {
            using var made = await GetAsync(models, new DenoiserVariant { Loras = loras });
            Assert.Equal(StepOutcome.Computed, Assert.Single(made.Passes).Outcome);
        }
    }

    [Fact]
    public async Task GetAsync_OtherModelsWithTheSameDenoiser_AreTheSame()
    {
        var variant = new DenoiserVariant { Loras = [Sample("purple")] };
        using (var models = await PullAsync())
        using (var first = await GetAsync(models, variant))
            Assert.Equal(StepOutcome.Computed, Assert.Single(first.Passes).Outcome);
        Copy(Models, _directory["others"]);
        await File.WriteAllTextAsync(
            Path.Combine(_directory["others"], "vocabulary.json"),
            """{"words":{}}""",
            TestContext.Current.CancellationToken
        );
        using var others = await PullAsync(_directory["others"]);

        using var second = await GetAsync(others, variant);

        Assert.Equal(StepOutcome.LocalHit, Assert.Single(second.Passes).Outcome);
    }

    [Fact]
    public async Task GetAsync_LorasAndQuantized_AddsFirstAndComesFromTheStoreTheSecondTime()
    {
        using var models = await PullAsync();
        var variant = new DenoiserVariant { Loras = [Sample("diamond")], IsQuantized = true };
        using var exact = await GetAsync(models, variant with { IsQuantized = false });

        using var first = await GetAsync(models, variant);
        using var second = await GetAsync(models, variant);

        Assert.Equal(
            [("onnx-lora", StepOutcome.LocalHit), ("onnx-quantize", StepOutcome.Computed)],
            first.Passes.Select(Of)
        );
        Assert.Equal(StepOutcome.LocalHit, second.Passes[1].Outcome);
        Assert.InRange(new FileInfo(first.Path).Length, 60_000, 80_000);
        var (expected, actual) = (Velocity(exact.Path), Velocity(first.Path));
        var off = Math.Sqrt(expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(a => a * a));
        Assert.InRange(off, 1e-5, 0.03);
    }

    [Fact]
    public async Task GetAsync_ManyAtOnce_MakeItOnce()
    {
        using var models = await PullAsync();
        var variant = new DenoiserVariant { Loras = [Sample("diamond")], IsQuantized = true };

        var told = new Lines();

        var all = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => _variants.GetAsync(models, Denoiser, variant, told, TestContext.Current.CancellationToken))
        );

        Assert.Single(all.Select(made => made.Path).Distinct());
        foreach (var made in all)
            made.Dispose();
        Assert.Equal(["Added 1 LoRAs to 1 weights.", "Quantised 1 of 2 weights."], told.All.Order());
    }

    [Fact]
    public async Task GetAsync_OriginThatHasAnotherVersionByNow_TakesWhatTheStoreHas()
    {
        using var models = await PullAsync();
        var original = Velocity(Path.Combine(models.Path, Denoiser));
        Directory.Delete(Models, recursive: true);

        using var made = await GetAsync(models, new DenoiserVariant { Loras = [Sample("purple")] });

        Assert.Equal(StepOutcome.Computed, Assert.Single(made.Passes).Outcome);
        Assert.NotEqual(original, Velocity(made.Path));
    }

    [Fact]
    public async Task GetAsync_WeightsInOtherFilesWithOddNames_TakesThemToo()
    {
        await SplitAsync("we[i]g*hts?.bin");
        using var models = await PullAsync();

        using var made = await GetAsync(models, new DenoiserVariant { Loras = [Sample("diamond")] });
        using var again = await GetAsync(models, new DenoiserVariant { Loras = [Sample("diamond")] });

        Assert.Equal(StepOutcome.LocalHit, Assert.Single(again.Passes).Outcome);
        Assert.Equal(
            [Denoiser, "denoiser.onnx.data"],
            Directory.EnumerateFiles(Path.GetDirectoryName(made.Path)!).Select(Path.GetFileName).Order()
        );
        using var inside = await PullAsync(Samples);
        using var expected = await GetAsync(inside, new DenoiserVariant { Loras = [Sample("diamond")] });
        Assert.Equal(Velocity(expected.Path), Velocity(made.Path));
    }

    [Fact]
    public async Task GetAsync_LoraOfAnotherModel_IsToldWithItsFaults()
    {
        using var models = await PullAsync();
        await File.WriteAllBytesAsync(
            _directory["broken"],
            "no LoRA at all"u8.ToArray(),
            TestContext.Current.CancellationToken
        );

        var failure = await Assert.ThrowsAsync<PassException>(() =>
            GetAsync(models, new DenoiserVariant { Loras = [Sample("purple"), new Lora(_directory["broken"])] })
        );

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("says that its header has", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_WrongFiles_TellsThemAllBeforeAnyWork()
    {
        using var models = await PullAsync();

        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            _variants.GetAsync(
                models,
                "denoizer.onnx",
                new DenoiserVariant { Loras = [new Lora("/nowhere"), Sample("purple", double.NaN)] },
                cancellationToken: TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(
            ["denoizer.onnx", "loras[0] ('/nowhere')", $"loras[1] ('{Sample("purple").Path}')"],
            failure.Faults.Select(fault => fault.Subject)
        );
        Assert.EndsWith("Did you mean 'denoiser.onnx'?", failure.Faults[0].Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _directory.Dispose();
    }

    private static (string, StepOutcome) Of(PassResult pass) => (pass.Type, pass.Outcome);

    private static Lora Sample(string name, double strength = 1) =>
        new(Path.Combine(Samples, $"loras/{name}.safetensors"), strength);

    private Task<DenoiserFile> GetAsync(Snapshot models, DenoiserVariant variant) =>
        _variants.GetAsync(models, Denoiser, variant, cancellationToken: TestContext.Current.CancellationToken);

    private Task<Snapshot> PullAsync(string? directory = null) =>
        _cache.PullAsync(
            ModelReference.Parse(new Uri(directory ?? Models).AbsoluteUri),
            cancellationToken: TestContext.Current.CancellationToken
        );

    // The same model with its weights in a file of that name.
    private async Task SplitAsync(string dataFile)
    {
        var runner = new WorkflowRunner(_cache, new PassSet(Onnx.Passes.OnnxPasses.All(), []));
        var workflow = Workflow
            .From(new Uri(Models).AbsoluteUri)
            .Include(Denoiser)
            .Pass("external-data", new() { ["mode"] = "split", ["data_file"] = dataFile })
            .Build();
        using var split = await runner.RunAsync(workflow, cancellationToken: TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(Models, Denoiser));
        Copy(split.Output.Path, Models);
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    // What it answers for a red circle that moves right, early on.
    private static float[] Velocity(string path)
    {
        using var model = OnnxModel.Load(path);
        var random = new Random(5);
        var latents = Enumerable.Range(0, 42 * 5 * 4 * 4).Select(_ => (float)(random.NextDouble() - 0.5) * 6).ToArray();
        var inputs = new Dictionary<string, Tensor>
        {
            ["latents"] = new Tensor<float>(latents, 1, 42, 5, 4, 4),
            ["timestep"] = new Tensor<float>(new[] { 0.9f }, 1, 1, 1, 1, 1),
            ["context"] = new Tensor<float>(new[] { 1f, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0 }, 1, 1, 11),
        };
        return ((Tensor<float>)model.Run(inputs, TestContext.Current.CancellationToken)["velocity"]).Data.ToArray();
    }

    /// <summary>What passes say while they run.</summary>
    private sealed class Lines : IProgress<WorkflowProgress>
    {
        public ConcurrentBag<string> All { get; } = [];

        public void Report(WorkflowProgress value)
        {
            if (value.Line is { } line)
                All.Add(line);
        }
    }
}

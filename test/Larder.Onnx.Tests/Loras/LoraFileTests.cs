using Larder.Onnx.Loras;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Loras;

public sealed class LoraFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Theory]
    [InlineData("purple", "palette", 1, 4, 3)]
    [InlineData("diamond", "prototypes", 4, 12, 14 * 400)]
    [InlineData("distilled", "text_weights", 10, 11, 16)]
    public void TryOpen_Samples_HaveTheirWeightRankAndSizes(string name, string weight, int rank, int rows, int columns)
    {
        var faults = new List<string>();

        using var file = LoraFile.TryOpen(
            Path.Combine(Repository.Root, $"samples/models/video/loras/{name}.safetensors"),
            faults
        );

        Assert.Empty(faults);
        var pair = Assert.Single(file!.Pairs);
        Assert.Equal((weight, rank, rows, columns), (pair.Weight, pair.Rank, pair.Rows, pair.Columns));
        Assert.Equal(1, pair.Scale);
        var (a, b) = file.Read(pair);
        Assert.Equal((rank * columns, rows * rank), (a.Length, b.Length));
    }

    [Theory]
    [InlineData("3", 1.5)]
    [InlineData("0.5", 0.25)]
    [InlineData("-2", -1)]
    [InlineData(null, 1)]
    public void Scale_Alpha_IsDividedByTheRank(string? alpha, double expected)
    {
        var metadata = alpha is null ? null : new Dictionary<string, string> { ["alpha"] = alpha };

        using var file = Open(LoraBytes.Lora("w", 1, 2, 1, [1, 2], [3, 4], metadata), out var faults);

        Assert.Empty(faults);
        Assert.Equal(expected, Assert.Single(file!.Pairs).Scale);
    }

    [Fact]
    public void TryOpen_SeveralWeights_AreAllThere()
    {
        using var file = Open(
            LoraBytes.Of([
                ("b.lora_B", [1, 1], [1]),
                ("a.lora_A", [2, 1], [1, 2]),
                ("b.lora_A", [1, 1], [1]),
                ("a.lora_B", [1, 2], [1, 2]),
            ]),
            out var faults
        );

        Assert.Empty(faults);
        Assert.Equal(["a", "b"], file!.Pairs.Select(pair => pair.Weight));
    }

    [Fact]
    public void TryOpen_ManyFaults_TellsThemAll()
    {
        using var file = Open(
            LoraBytes.Of(
                [
                    ("alone.lora_A", [1, 1], [1]),
                    ("other.lora_B", [1, 1], [1]),
                    ("ranks.lora_A", [2, 1], [1, 2]),
                    ("ranks.lora_B", [1, 1], [1]),
                    ("stray", [1], [1]),
                ],
                new Dictionary<string, string>
                {
                    ["alpha"] = "much",
                    ["rank"] = "NaN",
                    ["target"] = "nobody",
                }
            ),
            out var faults
        );

        Assert.Empty(file!.Pairs);
        Assert.Equal(
            [
                "has the alpha 'much', which is no number",
                "has the rank 'NaN', which is no number",
                "has the tensor 'stray', whose name ends neither in .lora_A nor in .lora_B",
                "says that it changes 'nobody', and changes 'alone', 'other', 'ranks'",
                "has 'alone.lora_A' without its .lora_B",
                "has 'other.lora_B' without its .lora_A",
                "has A of [2, 1] and B of [1, 1] for 'ranks'; [rank, n] and [m, rank] are expected, of one rank that is not 0",
            ],
            faults
        );
    }

    [Fact]
    public void TryOpen_OtherRankThanItSays_IsAFault()
    {
        var metadata = new Dictionary<string, string> { ["rank"] = "4" };

        using var file = Open(LoraBytes.Lora("w", 1, 2, 1, [1, 2], [3, 4], metadata), out var faults);

        Assert.Equal("says that its rank is 4, and has rank 2 for 'w'", Assert.Single(faults));
    }

    [Fact]
    public void TryOpen_WholeNumbers_AreNotRead()
    {
        using var file = Open(
            LoraBytes.Of([("w.lora_A", "I8", [1, 1], [1]), ("w.lora_B", "I8", [1, 1], [1])]),
            out var faults
        );

        Assert.StartsWith(
            "has 'w.lora_A' of type I8 and 1 bytes; F16",
            Assert.Single(faults),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TryOpen_NoTensors_ChangesNoWeight()
    {
        using var file = Open(LoraBytes.File("{}", []), out var faults);

        Assert.Equal("changes no weight", Assert.Single(faults));
    }

    [Fact]
    public void TryOpen_NoSafetensors_IsOneFault()
    {
        using var file = Open("what is this?"u8.ToArray(), out var faults);

        Assert.Null(file);
        Assert.StartsWith("says that its header has", Assert.Single(faults), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private LoraFile? Open(byte[] bytes, out List<string> faults)
    {
        File.WriteAllBytes(_directory["lora.safetensors"], bytes);
        faults = [];
        return LoraFile.TryOpen(_directory["lora.safetensors"], faults);
    }
}

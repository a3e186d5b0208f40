using Larder.Onnx;
using Larder.TestKit;

namespace ModelGenerator.RandomModels;

public sealed class RandomModelTests
{
    [Fact]
    public void Answer_AnyPosition_IsTheSumOfTheBytesInTheFiles()
    {
        using var directory = new TempDirectory();
        var model = new RandomModel(7, 1, 20, 3 << 20 | 5);
        model.Write(directory.Path);

        var weights = Enumerable.Range(1, 3).Select(i => File.ReadAllBytes(directory[$"weights-{i:D5}.bin"])).ToArray();

        foreach (var position in (long[])[0, 1, 19, 20, 1 << 20, (3 << 20) + 4, long.MaxValue])
            Assert.Equal(weights.Sum(weight => (long)weight[position % weight.LongLength]), model.Answer(position));
    }

    [Fact]
    public void Write_SingleWeight_LiesInsideTheModel()
    {
        using var directory = new TempDirectory();

        new RandomModel(7, 100_000).Write(directory.Path);

        var file = Assert.Single(Directory.GetFiles(directory.Path));
        Assert.Equal("model.onnx", Path.GetFileName(file));
        Assert.InRange(new FileInfo(file).Length, 100_000, 101_000);
    }

    [Fact]
    public void Write_EqualSeeds_GiveEqualBytesAndOthersDoNot()
    {
        using var directory = new TempDirectory();

        foreach (var (name, seed) in new[] { ("a", 7ul), ("b", 7ul), ("c", 8ul) })
            new RandomModel(seed, 1000).Write(directory[name]);

        Assert.Equal(Bytes("a"), Bytes("b"));
        Assert.NotEqual(Bytes("a"), Bytes("c"));

        byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(directory[name], "model.onnx"));
    }

    [Fact]
    public void Write_ModelThatIsThereAlready_IsLeftAlone()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["model.onnx"], "mine");

        Assert.Throws<IOException>(() => new RandomModel(7, 1000).Write(directory.Path));

        Assert.Equal("mine", File.ReadAllText(directory["model.onnx"]));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1, 20, 3 << 20)]
    public void Run_Loaded_AnswersAsForetold(params int[] lengths)
    {
        using var directory = new TempDirectory();
        var random = new RandomModel(7, [.. lengths.Select(length => (long)length)]);
        random.Write(directory.Path);
        long[] positions = [0, 1, 999, 1 << 21, long.MaxValue];

        using var model = OnnxModel.Load(directory["model.onnx"]);
        var outputs = model.Run(
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                ["position"] = new Tensor<long>(positions, positions.Length, 1),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(positions.Select(random.Answer), ((Tensor<long>)outputs["answer"]).Data.ToArray());
    }

    [Fact]
    public void Constructor_NoWeightOrAnEmptyOne_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RandomModel(7));
        Assert.Throws<ArgumentException>(() => new RandomModel(7, 5, 0));
    }
}

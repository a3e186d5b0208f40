using Larder.Onnx.Loras;

namespace Larder.Onnx.Tests.Loras;

public sealed class LoraSumTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 2, 4)]
    [InlineData(7, 33, 3, 16)]
    [InlineData(4, 17, 5, 1)]
    public void AddTo_AnyPieces_IsTheSumOfTheProducts(int rows, int columns, int rank, int pieceSize)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var weight = Numbers(random, rows * columns);
        var terms = Enumerable
            .Range(0, 3)
            .Select(_ => (random.NextDouble(), A: Numbers(random, rank * columns), B: Numbers(random, rows * rank)))
            .ToList();
        var sum = new LoraSum(columns);
        foreach (var (factor, a, b) in terms)
            sum.Add(factor, a, b, rank);

        var actual = weight.ToArray();
        for (var place = 0; place < actual.Length; place += pieceSize)
            sum.AddTo(place, actual.AsSpan(place, Math.Min(pieceSize, actual.Length - place)));

        // Number by number in the order that is promised: to the last bit, whatever a processor takes at a time.
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var expected = weight[(row * columns) + column];
            foreach (var (factor, a, b) in terms)
                for (var i = 0; i < rank; i++)
                {
                    var product = factor * b[(row * rank) + i] * a[(i * columns) + column];
                    expected += product;
                }
            Assert.Equal(expected, actual[(row * columns) + column]);
        }
    }

    [Fact]
    public void AddTo_RowOfZeros_LeavesEachBit()
    {
        var sum = new LoraSum(2);
        sum.Add(1, [5, 7], [0, 1], 1);
        double[] elements = [-0.0, 1, 0, 1];

        sum.AddTo(0, elements);

        Assert.True(double.IsNegative(elements[0]));
        Assert.Equal([0, 1, 5, 8], elements);
    }

    private static double[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
}

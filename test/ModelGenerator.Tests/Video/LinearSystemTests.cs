namespace ModelGenerator.Video;

public sealed class LinearSystemTests
{
    [Fact]
    public void Solve_PivotsNeeded_GivesTheSolution()
    {
        var solution = LinearSystem.Solve(
            new double[,]
            {
                { 0, 2, 1 },
                { 1, 1, 0 },
                { 3, 0, 2 },
            },
            new double[,]
            {
                { 7, 2 },
                { 3, 1 },
                { 9, 5 },
            }
        );

        // x = 1, y = 2, z = 3; and x = 1, y = 0, z = ... by hand: x + y = 1, 2y + z = 2, 3x + 2z = 5.
        Assert.Equal([1, 2, 3], Column(solution, 0), (a, b) => Math.Abs(a - b) < 1e-12);
        var second = Column(solution, 1);
        Assert.Equal(1, second[0] + second[1], tolerance: 1e-12);
        Assert.Equal(2, 2 * second[1] + second[2], tolerance: 1e-12);
        Assert.Equal(5, 3 * second[0] + 2 * second[2], tolerance: 1e-12);
    }

    private static double[] Column(double[,] matrix, int column) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => matrix[row, column])];
}

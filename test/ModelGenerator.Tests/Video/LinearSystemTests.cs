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

        // By hand: one has x = 1, y = 2, z = 3; the other y = 2/7, z = 2 - 2y, x = 1 - y.
        AssertColumn([1, 2, 3], 0);
        AssertColumn([5.0 / 7, 2.0 / 7, 10.0 / 7], 1);

        void AssertColumn(double[] expected, int column)
        {
            for (var row = 0; row < expected.Length; row++)
                Assert.Equal(expected[row], solution[row, column], tolerance: 1e-12);
        }
    }
}

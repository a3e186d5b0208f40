namespace ModelGenerator.Video;

public sealed class SymmetricMatrixTests
{
    [Fact]
    public void Eigen_RandomMatrix_GivesItsVectorsAndValuesInOrder()
    {
        const int Size = 20;
        var random = new SplitMix64(1);
        var matrix = new double[Size, Size];
        for (var i = 0; i < Size; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = random.Next(-1, 1);

        var (values, vectors) = SymmetricMatrix.Eigen((double[,])matrix.Clone());

        Assert.Equal(values.OrderDescending(), values);
        for (var k = 0; k < Size; k++)
        {
            Assert.Equal(1, vectors[k].Sum(element => element * element), tolerance: 1e-12);
            for (var i = 0; i < Size; i++)
                Assert.Equal(
                    values[k] * vectors[k][i],
                    vectors[k].Select((element, j) => matrix[i, j] * element).Sum(),
                    tolerance: 1e-12
                );
        }
    }

    [Fact]
    public void Eigen_VectorWhoseSignsReachAsFar_BeginsPositive()
    {
        // The second vector is (1, -1) / sqrt 2.
        var (_, vectors) = SymmetricMatrix.Eigen(
            new double[,]
            {
                { 2, 1 },
                { 1, 2 },
            }
        );

        Assert.Equal(Math.Sqrt(0.5), vectors[1][0], tolerance: 1e-12);
        Assert.Equal(-Math.Sqrt(0.5), vectors[1][1], tolerance: 1e-12);
    }

    [Fact]
    public void Eigen_DiagonalMatrix_GivesTheAxes()
    {
        var (values, vectors) = SymmetricMatrix.Eigen(
            new double[,]
            {
                { 1, 0 },
                { 0, 3 },
            }
        );

        Assert.Equal([3, 1], values);
        Assert.Equal([0, 1], vectors[0]);
        Assert.Equal([1, 0], vectors[1]);
    }
}

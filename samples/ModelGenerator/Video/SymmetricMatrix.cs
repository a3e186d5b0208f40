namespace ModelGenerator.Video;

/// <summary>The eigenvectors of a symmetric matrix, by Jacobi's rotations.</summary>
/// <remarks>
/// A fixed number of sweeps in a fixed order, and only arithmetic that IEEE 754 fixes to the last bit (square root included),
/// so that every machine gets the same.
/// </remarks>
internal static class SymmetricMatrix
{
    // Each sweep squares the error once it is small: eight are enough for 256 rows, more change last digits.
    private const int Sweeps = 12;

    // Elements whose sizes differ by less than this part of theirs are taken for equal.
    private const double Tie = 1e-9;

    /// <summary>
    /// The eigenvectors, those of the largest eigenvalues first; each one's largest element is positive, or the first of those
    /// that are equally large.
    /// </summary>
    /// <param name="matrix">The matrix, whose elements are changed.</param>
    internal static (double[] Values, double[][] Vectors) Eigen(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        // As rows: a rotation then goes through memory from front to back.
        var vectors = new double[size, size];
        for (var i = 0; i < size; i++)
            vectors[i, i] = 1;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        for (var p = 0; p < size - 1; p++)
        for (var q = p + 1; q < size; q++)
            Rotate(matrix, vectors, p, q);

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => matrix[i, i])];
        return ([.. order.Select(i => matrix[i, i])], [.. order.Select(i => Vector(vectors, i))]);
    }

    private static void Rotate(double[,] matrix, double[,] vectors, int p, int q)
    {
        if (matrix[p, q] == 0)
            return;
        var size = matrix.GetLength(0);
        var theta = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        var tangent = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        var shift = tangent * matrix[p, q];
        matrix[p, p] -= shift;
        matrix[q, q] += shift;
        matrix[p, q] = 0;
        matrix[q, p] = 0;
        for (var k = 0; k < size; k++)
        {
            (vectors[p, k], vectors[q, k]) = Turn(vectors[p, k], vectors[q, k]);
            if (k == p || k == q)
                continue;
            (matrix[p, k], matrix[q, k]) = Turn(matrix[p, k], matrix[q, k]);
            matrix[k, p] = matrix[p, k];
            matrix[k, q] = matrix[q, k];
        }

        (double, double) Turn(double first, double second) =>
            (cosine * first - sine * second, sine * first + cosine * second);
    }

    private static double[] Vector(double[,] vectors, int row)
    {
        var vector = Enumerable.Range(0, vectors.GetLength(1)).Select(k => vectors[row, k]).ToArray();
        // In a vector from one side to the other both signs reach as far: the last digit must not decide between them.
        var largest = vector.Max(Math.Abs) * (1 - Tie);
        var first = vector.First(element => Math.Abs(element) >= largest);
        return first < 0 ? Array.ConvertAll(vector, element => -element) : vector;
    }
}

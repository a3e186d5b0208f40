namespace ModelGenerator.Video;

/// <summary>Solves linear equations, by Gauss's elimination with the largest pivot of each column.</summary>
internal static class LinearSystem
{
    /// <summary>Gives the X of <c>matrix · X = right</c>; both arguments are changed.</summary>
    internal static double[,] Solve(double[,] matrix, double[,] right)
    {
        var size = matrix.GetLength(0);
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
                if (Math.Abs(matrix[row, column]) > Math.Abs(matrix[pivot, column]))
                    pivot = row;
            Swap(matrix, column, pivot);
            Swap(right, column, pivot);
            for (var row = 0; row < size; row++)
            {
                if (row == column)
                    continue;
                var factor = matrix[row, column] / matrix[column, column];
                Subtract(matrix, row, column, factor);
                Subtract(right, row, column, factor);
            }
        }
        for (var row = 0; row < size; row++)
        for (var i = 0; i < right.GetLength(1); i++)
            right[row, i] /= matrix[row, row];
        return right;
    }

    private static void Swap(double[,] matrix, int first, int second)
    {
        for (var i = 0; i < matrix.GetLength(1); i++)
            (matrix[first, i], matrix[second, i]) = (matrix[second, i], matrix[first, i]);
    }

    private static void Subtract(double[,] matrix, int row, int other, double factor)
    {
        for (var i = 0; i < matrix.GetLength(1); i++)
            matrix[row, i] -= factor * matrix[other, i];
    }
}

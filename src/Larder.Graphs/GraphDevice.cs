namespace Larder.Graphs;

/// <summary>The names of the memories that graphs lie in.</summary>
public static class GraphDevice
{
    /// <summary>The memory of the machine.</summary>
    public const string Host = "host";

    /// <summary>The memory of a GPU by its number, <c>gpu0</c> the first.</summary>
    public static string Gpu(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"gpu{number}");
    }
}

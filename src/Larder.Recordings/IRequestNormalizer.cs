namespace Larder.Recordings;

/// <summary>Makes of an argument what its answer depends on: a file's content of its path, a text without its date.</summary>
public interface IRequestNormalizer
{
    /// <summary>What stands in the request for the argument.</summary>
    /// <param name="value">The argument.</param>
    object? Normalize(object? value);
}

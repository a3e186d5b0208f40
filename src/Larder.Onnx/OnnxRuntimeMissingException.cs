namespace Larder.Onnx;

/// <summary>The native library of ONNX Runtime is not there, or not one that can be used.</summary>
public sealed class OnnxRuntimeMissingException : LarderException
{
    /// <summary>Creates the failure from the places tried.</summary>
    /// <param name="places">Each place, with what was wrong with it.</param>
    public OnnxRuntimeMissingException(IReadOnlyList<string> places)
        : base(Describe(places)) => Places = places;

    /// <summary>The places tried, in order, each with what was wrong with it.</summary>
    public IReadOnlyList<string> Places { get; }

    private static string Describe(IReadOnlyList<string> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return $"The native library of ONNX Runtime cannot be used. Tried: {string.Join("; ", places)}. "
            + "Reference the package Microsoft.ML.OnnxRuntime (1.24 or newer), "
            + $"put {Native.OrtLibrary.FileName} beside the program or on the library path, "
            + $"or name the file in the environment variable {Native.OrtLibrary.Variable}.";
    }
}

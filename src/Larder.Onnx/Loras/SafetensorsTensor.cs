namespace Larder.Onnx.Loras;

/// <summary>A tensor of a safetensors file.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Type">The type of its elements, as the format calls it: <c>F32</c>.</param>
/// <param name="Shape">Its dimensions; none for a single number.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end.</param>
internal sealed record SafetensorsTensor(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End);

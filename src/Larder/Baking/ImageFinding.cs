namespace Larder.Baking;

/// <summary>Something that keeps an image from having a model.</summary>
/// <param name="Path">Where it should lie in the image.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Explanation">The same in words, with what was expected and what is there.</param>
public sealed record ImageFinding(string Path, ImageFault Fault, string Explanation);

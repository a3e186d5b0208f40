using Larder.Content;
using Larder.Origins;

namespace Larder.Baking;

/// <summary>What an image has of a model.</summary>
/// <param name="Reference">The model.</param>
/// <param name="Digest">The version that it should have.</param>
/// <param name="Files">How many files that has.</param>
/// <param name="BytesToDownload">Bytes that whoever runs the image would have to get from the origin for it.</param>
/// <param name="Findings">What is wrong; nothing where the image has the model.</param>
public sealed record CheckedModel(
    ModelReference Reference,
    Digest Digest,
    int Files,
    long BytesToDownload,
    IReadOnlyList<ImageFinding> Findings
);

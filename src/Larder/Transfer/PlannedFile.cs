using Larder.Content;
using Larder.Origins;

namespace Larder.Transfer;

/// <summary>One file of a plan.</summary>
/// <param name="File">The file as the origin lists it.</param>
/// <param name="Known">The digest and size of this very version where they are known, so that a stored blob can serve.</param>
internal sealed record PlannedFile(OriginFile File, ManifestFile? Known);

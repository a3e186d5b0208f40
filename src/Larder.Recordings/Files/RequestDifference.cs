using System.Text.Json;

namespace Larder.Recordings.Files;

/// <summary>A place where two requests differ.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.arguments.prompt</c>.</param>
/// <param name="Recorded">What was recorded; null where that request has nothing there.</param>
/// <param name="Asked">What is asked; null where that request has nothing there.</param>
internal sealed record RequestDifference(string Path, JsonElement? Recorded, JsonElement? Asked);

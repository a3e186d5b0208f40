namespace Larder.Recordings.Hosting;

/// <summary>Which recordings a container has, so that no others are taken for them.</summary>
/// <param name="Given">Their options, or they themselves.</param>
internal sealed record AddedRecordings(object Given);

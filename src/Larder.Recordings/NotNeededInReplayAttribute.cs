namespace Larder.Recordings;

/// <summary>
/// In replay this method does nothing: it loads a model, warms it up, or sets what is not there then. For methods that
/// return nothing, a <see cref="Task"/> or a <see cref="ValueTask"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotNeededInReplayAttribute : Attribute;

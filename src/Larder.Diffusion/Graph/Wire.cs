namespace Larder.Diffusion.Graph;

/// <summary>A connection as it was asked for: each end is a port, or the name of one.</summary>
internal readonly record struct Wire(OutputPort? From, string FromName, InputPort? To, string ToName);

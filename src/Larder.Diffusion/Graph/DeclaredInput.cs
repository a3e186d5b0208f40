namespace Larder.Diffusion.Graph;

/// <summary>An input of a graph and the value that it has where a run gives none.</summary>
internal readonly record struct DeclaredInput(OutputPort Port, bool HasDefault, object? Default);

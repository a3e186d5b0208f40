using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Caching;

/// <summary>A preset's graph with the models that it runs on, which the cache keeps at least as long.</summary>
internal sealed record LoadedPreset(InferenceGraph Graph, LoadedVideoModels Models);

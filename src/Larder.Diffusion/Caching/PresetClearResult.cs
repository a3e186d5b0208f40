using Larder.Content;

namespace Larder.Diffusion.Caching;

/// <summary>What clearing the preset graphs removed and what it left.</summary>
/// <param name="Removed">The number of preset graphs removed; their disposal has ended.</param>
/// <param name="ModelsRemoved">The number of sets of models removed that they were built on; likewise.</param>
/// <param name="KeptInUse">The keys of the graphs and sets of models that are in use, and stay.</param>
public sealed record PresetClearResult(int Removed, int ModelsRemoved, IReadOnlyList<EntryKey> KeptInUse);

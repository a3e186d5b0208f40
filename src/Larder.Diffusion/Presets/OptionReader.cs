using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Larder.Diffusion.Presets;

/// <summary>Reads the value of an option.</summary>
internal delegate bool OptionReader<T>(JsonElement json, [MaybeNullWhen(false)] out T value);

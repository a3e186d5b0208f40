using System.Collections;
using System.Runtime.CompilerServices;

namespace Larder.Diffusion.Presets;

/// <summary>LoRAs in the order in which they are applied, which their sum's last bits depend on. It never changes.</summary>
/// <remarks>Two lists of the same LoRAs in the same order are equal, so that options that hold them can be compared.</remarks>
[CollectionBuilder(typeof(LoraList), nameof(Create))]
public sealed class LoraList : IReadOnlyList<LoraChoice>, IEquatable<LoraList>
{
    private readonly LoraChoice[] _loras;

    private LoraList(LoraChoice[] loras) => _loras = loras;

    /// <summary>No LoRA.</summary>
    public static LoraList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _loras.Length;

    /// <inheritdoc/>
    public LoraChoice this[int index] => _loras[index];

    /// <summary>Makes a list.</summary>
    public static LoraList Create(ReadOnlySpan<LoraChoice> loras) => loras.IsEmpty ? Empty : new(loras.ToArray());

    /// <inheritdoc/>
    public bool Equals(LoraList? other) => other is not null && _loras.AsSpan().SequenceEqual(other._loras);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LoraList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var lora in _loras)
            hash.Add(lora);
        return hash.ToHashCode();
    }

    /// <summary>The LoRAs one after the other, or "none".</summary>
    public override string ToString() =>
        Count == 0
            ? "none"
            : string.Join(", ", _loras.Select(lora => FormattableString.Invariant($"{lora.Path} × {lora.Strength}")));

    /// <inheritdoc/>
    public IEnumerator<LoraChoice> GetEnumerator() => ((IEnumerable<LoraChoice>)_loras).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

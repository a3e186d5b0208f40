namespace Larder.Origins;

/// <summary>The origins at hand, by the schemes that they answer.</summary>
internal sealed class OriginSet
{
    private readonly Dictionary<string, IOrigin> _byScheme = new(StringComparer.Ordinal);

    /// <summary>Sorts origins by scheme.</summary>
    /// <param name="origins">Of two that answer the same scheme the first one counts.</param>
    public OriginSet(IEnumerable<IOrigin> origins)
    {
        foreach (var origin in origins)
        foreach (var scheme in origin.Schemes)
            _byScheme.TryAdd(scheme, origin);
    }

    /// <summary>The origin that answers a reference.</summary>
    /// <exception cref="ReferenceException">No origin answers the reference's scheme.</exception>
    public IOrigin For(ModelReference reference) =>
        _byScheme.TryGetValue(reference.Scheme, out var origin)
            ? origin
            : throw new ReferenceException(
                reference.Text,
                $"'{reference}' has the unknown scheme '{reference.Scheme}'. Known are: {string.Join(", ", _byScheme.Keys.Order(StringComparer.Ordinal))}."
            );
}

using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>Asks for the least valuable only, again and again, so that nobody is let off who turns out to have gone in vain.</summary>
/// <remarks>How the literature evicts; beside it stands what the product gains by letting off.</remarks>
internal sealed class OneByOne(IReplacement replacement) : IReplacement
{
    public void Hit(Request request) => replacement.Hit(request);

    public void Load(Request request) => replacement.Load(request);

    public IReadOnlyList<int> Evict(Request request, long missingBytes) => replacement.Evict(request, missingBytes: 1);
}

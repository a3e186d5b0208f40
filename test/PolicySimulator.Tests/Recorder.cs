using System.Text;
using PolicySimulator.Replacement;
using PolicySimulator.Traces;

namespace PolicySimulator;

/// <summary>Notes who was evicted, as letters in their order.</summary>
internal sealed class Recorder(IReplacement replacement) : IReplacement
{
    private readonly StringBuilder _evicted = new();

    public string Evicted => _evicted.ToString();

    public void Hit(Request request) => replacement.Hit(request);

    public void Load(Request request) => replacement.Load(request);

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        var victims = replacement.Evict(request, missingBytes);
        foreach (var victim in victims)
            _evicted.Append((char)('a' + victim));
        return victims;
    }
}

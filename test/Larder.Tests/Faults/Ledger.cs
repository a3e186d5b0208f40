using System.Globalization;
using Larder.Content;

namespace Larder.Tests.Faults;

/// <summary>What may be found in a store, by what a host announced and acknowledged on its standard output.</summary>
internal sealed class Ledger(Func<int, int, Digest> digestOf)
{
    private readonly Dictionary<int, HashSet<Digest?>> _possible = [];

    /// <summary>Follows the lines of a host that runs <c>renew</c>.</summary>
    public void Note(IEnumerable<string> lines)
    {
        foreach (var words in lines.Select(line => line.Split(' ')))
        {
            switch (words)
            {
                // From here on the old one or the new one; from the acknowledgement on only the new one.
                case ["pulling", var model, var version]:
                    Possible(Number(model)).Add(digestOf(Number(model), Number(version)));
                    break;
                case ["pulled", var model, var digest]:
                    Assert.Contains(Digest.Parse(digest), Possible(Number(model)));
                    Settle(Number(model), Digest.Parse(digest));
                    break;
                case ["clearing", var model]:
                    Possible(Number(model)).Add(null);
                    break;
                case ["cleared", var model]:
                    Settle(Number(model), null);
                    break;
            }
        }
    }

    /// <summary>All that a model may be; null for not there.</summary>
    public HashSet<Digest?> Possible(int model) =>
        _possible.TryGetValue(model, out var possible) ? possible : _possible[model] = [null];

    /// <summary>A model is this and nothing else.</summary>
    public void Settle(int model, Digest? digest) => _possible[model] = [digest];

    /// <summary>Nothing is there.</summary>
    public void Clear() => _possible.Clear();

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}

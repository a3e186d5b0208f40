namespace Larder.Tests;

/// <summary>What may be found in a store, by what a host that runs <c>churn</c> announced and acknowledged.</summary>
internal sealed class ChurnLedger
{
    private static readonly Possible No = new(Yes: false, No: true);
    private static readonly Possible Yes = new(Yes: true, No: false);
    private static readonly Possible Either = new(Yes: true, No: true);

    private readonly Dictionary<string, Possible> _pinned = new(StringComparer.Ordinal);
    private Dictionary<string, Possible> _stored = new(StringComparer.Ordinal);
    private Dictionary<string, Possible> _beforeEviction = new(StringComparer.Ordinal);

    /// <summary>The digests that were acknowledged.</summary>
    public Dictionary<string, string> Digests { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a verification that was begun has ended well.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>How often each word was said.</summary>
    public Dictionary<string, int> Words { get; } = new(StringComparer.Ordinal);

    /// <summary>Follows the lines of one host.</summary>
    public void Note(IEnumerable<string> lines)
    {
        IsVerified = false;
        foreach (var words in lines.Select(line => line.Split(' ')))
        {
            Words[words[0]] = Words.GetValueOrDefault(words[0]) + 1;
            Note(words);
        }
    }

    /// <summary>Whether a model that is there, or is not, is what was promised; from now on it is just that.</summary>
    public void Settle(string model, bool isStored, bool isPinned)
    {
        Assert.True(Of(_stored, model).Allows(isStored), $"model {model} is {(isStored ? "still there" : "gone")}");
        Assert.True(Of(_pinned, model).Allows(isPinned), $"model {model} is {(isPinned ? "still" : "not")} pinned");
        _stored[model] = isStored ? Yes : No;
        _pinned[model] = isPinned ? Yes : No;
    }

    private void Note(string[] words)
    {
        switch (words)
        {
            case ["pulling", var model]:
                _stored[model] = Of(_stored, model) with { Yes = true };
                break;
            case ["pulled", var model, var digest]:
                _stored[model] = Yes;
                Digests[model] = digest;
                break;
            case ["clearing", var model]:
                MayBeGone(model);
                break;
            case ["cleared", var model]:
                if (Of(_pinned, model) == No)
                    _stored[model] = No;
                break;
            case ["evicting"]:
                _beforeEviction = new Dictionary<string, Possible>(_stored, StringComparer.Ordinal);
                _stored.Keys.ToList().ForEach(MayBeGone);
                break;
            case ["evicted", .. var models]:
                // What it does not name has stayed.
                _stored = new Dictionary<string, Possible>(_beforeEviction, StringComparer.Ordinal);
                foreach (var model in models)
                {
                    Assert.NotEqual(Yes, Of(_pinned, model));
                    _stored[model] = No;
                }
                break;
            case ["pinning" or "unpinning", var model]:
                _pinned[model] = Either;
                break;
            case ["pinned", var model]:
                _pinned[model] = Yes;
                break;
            case ["unpinned", var model]:
                _pinned[model] = No;
                break;
            case ["verified"]:
                IsVerified = true;
                break;
        }
    }

    private void MayBeGone(string model)
    {
        if (Of(_pinned, model) != Yes)
            _stored[model] = Of(_stored, model) with { No = true };
    }

    private static Possible Of(Dictionary<string, Possible> possible, string model) =>
        possible.GetValueOrDefault(model, No);

    private readonly record struct Possible(bool Yes, bool No)
    {
        public bool Allows(bool value) => value ? Yes : No;
    }
}

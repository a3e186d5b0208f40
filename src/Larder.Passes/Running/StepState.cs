using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>What a run knows of one of its passes or evaluations.</summary>
internal sealed class StepState(PlannedStep step, StepState? input, StepWork work, Func<JsonObject, EntryKey> keyOf)
{
    // The shared store's answers may come while a local one is found to be broken.
    private readonly Lock _lock = new();

    // Under the lock; the answers in the order in which they are believed.
    private readonly List<StepAnswer> _answers = [];
    private readonly HashSet<(bool IsShared, Digest Key, Digest Manifest)> _broken = [];

    public PlannedStep Step { get; } = step;

    /// <summary>The pass whose result it reads; null where that is the workflow's input.</summary>
    public StepState? Input { get; } = input;

    public StepWork Work { get; } = work;

    /// <summary>Its key in the chain.</summary>
    public required EntryKey Key { get; init; }

    /// <summary>Whether the workflow's input is to be at hand besides what it reads.</summary>
    public bool NeedsInput { get; init; }

    /// <summary>Whether it is an evaluation.</summary>
    public bool IsEvaluation { get; init; }

    /// <summary>Tells which limits figures miss; only of an evaluation.</summary>
    public Func<IReadOnlyDictionary<string, double>, IReadOnlyList<string>> MissedBy { get; init; } = static _ => [];

    /// <summary>The figures that an evaluation has given or found, once its files are held.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; set; }

    /// <summary>The key by content that the stores were last asked for; null while its input's bytes are not known.</summary>
    public EntryKey? ContentKey { get; set; }

    /// <summary>The answer that is believed at present; null while there is none.</summary>
    public StepAnswer? Answer
    {
        get
        {
            lock (_lock)
                return _answers.Count > 0 ? _answers[0] : null;
        }
    }

    /// <summary>Its files, held until the run ends.</summary>
    public HeldFiles? Files { get; set; }

    /// <summary>Whether the shared store was asked for its key and has none.</summary>
    public bool IsMissedInShared { get; set; }

    public TimeSpan Spent { get; set; }

    public long BytesFetched { get; set; }

    /// <summary>The key by the bytes of its input.</summary>
    public EntryKey KeyOf(JsonObject model) => keyOf(model);

    /// <summary>One more answer, to be believed after those that are there; not one that was found to be broken.</summary>
    public void Add(StepAnswer answer)
    {
        lock (_lock)
        {
            if (!_broken.Contains(IdentityOf(answer)))
                _answers.Add(answer);
        }
    }

    /// <summary>The answer that was computed, or found when it should have been.</summary>
    public void Set(StepAnswer answer)
    {
        lock (_lock)
        {
            _answers.Clear();
            _answers.Add(answer);
        }
    }

    /// <summary>An answer whose files are missing or wrong.</summary>
    public void Drop(StepAnswer answer)
    {
        lock (_lock)
        {
            _answers.Remove(answer);
            _broken.Add(IdentityOf(answer));
        }
    }

    public bool IsBroken(SharedEntry entry)
    {
        lock (_lock)
            return _broken.Contains((true, entry.Key.Digest, entry.Manifest));
    }

    private static (bool IsShared, Digest Key, Digest Manifest) IdentityOf(StepAnswer answer) =>
        (answer.Shared is not null, answer.Key.Digest, answer.Manifest);
}

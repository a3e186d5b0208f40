using Larder.Content;

namespace Larder.Server.Dashboard.Chains;

/// <summary>Puts the stored results of passes together to the chains that they were made in.</summary>
/// <remarks>
/// A result is stored under two keys, one that names the pass before and one that names the bytes that came of it: both are one
/// step here. What is known of the order is in the keys alone; no workflow is asked.
/// </remarks>
internal sealed class PassChains
{
    public const string PassKind = "pass";
    public const string EvaluationKind = "evaluation";

    private readonly Dictionary<Digest, Node> _byKey = [];
    private readonly Dictionary<Digest, Node> _byOutput = [];
    private readonly Dictionary<(string Name, long Version, string Config, Digest Output), Node> _nodes = [];

    private PassChains(IEnumerable<CachedModel> entries)
    {
        var all = entries.ToList();
        foreach (var entry in all.Where(entry => entry.Kind == PassKind))
            Add(entry);
        foreach (var node in _nodes.Values)
            _byOutput.TryAdd(node.Output, node);
        foreach (var entry in all.Where(entry => entry.Kind == EvaluationKind))
            Evaluate(entry);
    }

    /// <summary>The chains of a store's entries, the last used first. What two chains share stands in both.</summary>
    public static IReadOnlyList<PassChain> Of(IEnumerable<CachedModel> entries)
    {
        var chains = new PassChains(entries);
        var parents = chains._nodes.Values.Select(chains.ParentOf).OfType<Node>().ToHashSet();
        return
        [
            .. chains
                ._nodes.Values.Where(node => !parents.Contains(node))
                .Select(chains.ChainTo)
                .OrderByDescending(chain => chain.LastUsed),
        ];
    }

    private void Add(CachedModel entry)
    {
        if (PassRequest.TryRead(entry) is not { } request)
            return;
        var id = (request.Name, request.Version, request.Config, entry.Digest);
        if (!_nodes.TryGetValue(id, out var node))
            _nodes[id] = node = new Node(request, entry.Digest);
        node.Entries.Add((entry, request));
        _byKey[entry.Key] = node;
    }

    private void Evaluate(CachedModel entry)
    {
        if (PassRequest.TryRead(entry) is { } request && Find(request) is { } measured)
            measured.Evaluations.Add(request.Name);
    }

    private Node? Find(PassRequest request) =>
        request.InputKey is { } key ? _byKey.GetValueOrDefault(key)
        : request.InputVersion is { } version ? _byOutput.GetValueOrDefault(version)
        : null;

    // By the key of the pass before where that is known: two passes may give the same bytes.
    private Node? ParentOf(Node node) =>
        node
            .Entries.OrderBy(entry => entry.Request.InputKey is null)
            .Select(entry => Find(entry.Request))
            .FirstOrDefault(parent => parent is not null && parent != node);

    private PassChain ChainTo(Node last)
    {
        var path = new List<Node>();
        // A pass that gives back what an earlier one was given makes a ring of versions.
        for (var node = last; node is not null && !path.Contains(node); node = ParentOf(node))
            path.Add(node);
        path.Reverse();
        var first = path[0].Entries[0];
        return new PassChain(first.Entry.Reference, first.Entry.DerivedFrom, [.. path.Select(node => node.ToStep())])
        {
            IsBroken = path[0].Entries.TrueForAll(entry => entry.Request.InputKey is not null),
        };
    }

    private sealed class Node(PassRequest request, Digest output)
    {
        public Digest Output { get; } = output;

        public List<(CachedModel Entry, PassRequest Request)> Entries { get; } = [];

        public List<string> Evaluations { get; } = [];

        public PassStep ToStep() =>
            new(request.Name, request.Version, request.Config, Output)
            {
                SizeBytes = Entries[0].Entry.SizeBytes,
                Duration = Entries.Max(entry => entry.Entry.Duration),
                LastUsed = Entries.Max(entry => entry.Entry.LastUsed),
                IsPinned = Entries.Exists(entry => entry.Entry.Pinned),
                Evaluations = [.. Evaluations.Distinct(StringComparer.Ordinal)],
            };
    }
}

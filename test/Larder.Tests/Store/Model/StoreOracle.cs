using Larder.Content;

namespace Larder.Tests.Store.Model;

/// <summary>What a store must have, may have and must not have, by what was done to it.</summary>
/// <remarks>Entries, pins and leases are known to the last one; of versions that no entry names any more some may be gone.</remarks>
internal sealed class StoreOracle
{
    /// <summary>The version of each model that has an entry.</summary>
    public Dictionary<int, Digest> Entries { get; } = [];

    /// <summary>The pinned models, and the version that each had then.</summary>
    public Dictionary<int, Digest> Pins { get; } = [];

    /// <summary>The versions that are leased, once for each lease.</summary>
    public List<Digest> Leases { get; } = [];

    /// <summary>When each model was last pulled, entry or not.</summary>
    public Dictionary<int, DateTimeOffset> LastUses { get; } = [];

    /// <summary>All versions that may be there.</summary>
    public HashSet<Digest> MayBeThere { get; } = [];

    /// <summary>Versions that lost a blob to a fault: no entry names them, so nobody fetched it again.</summary>
    public HashSet<Digest> Spoiled { get; } = [];

    /// <summary>All versions that must be there, whole.</summary>
    public IEnumerable<Digest> MustBeThere =>
        Entries.Values.Concat(Pins.Values).Concat(Leases).Distinct().Except(Spoiled);

    /// <summary>Versions that nobody may remove.</summary>
    public bool IsHeld(Digest version) =>
        Leases.Contains(version) || Pins.ContainsValue(version) || ModelsOf(version).Any(Pins.ContainsKey);

    public IEnumerable<int> ModelsOf(Digest version) =>
        Entries.Where(entry => entry.Value == version).Select(entry => entry.Key);

    public void Pulled(int model, Digest version, DateTimeOffset now)
    {
        Entries[model] = version;
        LastUses[model] = now;
        MayBeThere.Add(version);
        Spoiled.Remove(version);
    }

    /// <summary>The models that a clear of these removes.</summary>
    public IReadOnlyList<int> ClearedOf(IEnumerable<int> models)
    {
        var cleared = new List<int>();
        foreach (var group in models.Where(Entries.ContainsKey).GroupBy(model => Entries[model]))
        {
            var free = group.Where(model => !Pins.ContainsKey(model)).ToList();
            // An entry of several goes, whoever holds the version: the version stays.
            if (free.Count < ModelsOf(group.Key).Count() || !IsHeld(group.Key))
                cleared.AddRange(free);
        }
        return cleared;
    }

    /// <summary>The models that were not used since and that nobody holds.</summary>
    public IReadOnlyList<int> UnusedSince(DateTimeOffset since) =>
        [
            .. Entries
                .Values.Distinct()
                .Where(version => !IsHeld(version) && ModelsOf(version).All(model => LastUseOf(model) < since))
                .SelectMany(ModelsOf),
        ];

    /// <summary>Entries that are gone, and with the last one of a version that nobody holds that version.</summary>
    public void Removed(IEnumerable<int> models)
    {
        foreach (var model in models.ToList())
        {
            Entries.Remove(model, out var version);
            if (!ModelsOf(version).Any() && !IsHeld(version))
                MayBeThere.Remove(version);
        }
    }

    /// <summary>Nothing is there that nobody needs.</summary>
    public void OnlyMustBeThere() => MayBeThere.IntersectWith([.. Entries.Values, .. Pins.Values, .. Leases]);

    private DateTimeOffset LastUseOf(int model) => LastUses.GetValueOrDefault(model, DateTimeOffset.UnixEpoch);
}

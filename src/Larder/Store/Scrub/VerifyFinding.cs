using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>One thing that a verification found, and what was done about it.</summary>
public sealed record VerifyFinding
{
    /// <summary>What it is about.</summary>
    public required FindingSubject Subject { get; init; }

    /// <summary>What is wrong.</summary>
    public required FindingFault Fault { get; init; }

    /// <summary>The file or directory.</summary>
    public required string Path { get; init; }

    /// <summary>The digest of a blob or manifest, the manifest of a snapshot, the key of an entry; null where nobody can tell.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The references that need it, as far as they are known.</summary>
    public IReadOnlyList<string> References =>
        [.. Concerns.Select(concern => concern.Reference).Distinct(StringComparer.Ordinal)];

    /// <summary>Where a blob is damaged, in whole blocks of 1 MiB; empty when that is not known.</summary>
    public IReadOnlyList<ByteRange> DamagedRanges { get; init; } = [];

    /// <summary>Where it lies now; null when it was not moved.</summary>
    public string? QuarantinePath { get; init; }

    /// <summary>Whether it is right again.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>What was found, what was done, and what is left to do.</summary>
    public required string Message { get; init; }

    internal IReadOnlyList<Concern> Concerns { get; init; } = [];

    internal bool IsDamage => Fault is FindingFault.Damaged or FindingFault.Missing;

    internal VerifyFinding Add(string sentence) => this with { Message = $"{Message} {sentence}" };
}

namespace Larder.Sharing;

/// <summary>How a team's store is used.</summary>
public sealed record SharedCacheOptions
{
    /// <summary>Whether answers are looked for there; true.</summary>
    public bool Read { get; init; } = true;

    /// <summary>Whether answers are published there; true.</summary>
    public bool Write { get; init; } = true;

    /// <summary>The namespace of the entries: 1 to 64 lower-case letters, digits, <c>-</c> and <c>_</c>; <c>main</c>.</summary>
    public string Namespace { get; init; } = "main";

    /// <summary>Whether models that are pulled are looked for and published there; false.</summary>
    public bool Models { get; init; }

    /// <summary>Whether what passes made is looked for and published there; true.</summary>
    public bool Passes { get; init; } = true;

    /// <summary>How long the store may keep its users waiting without getting them further; 10 seconds.</summary>
    /// <remarks>
    /// A budget and not a limit for each request: what waits cost is taken from it, and when it is spent the store is left
    /// alone for a minute. A transfer costs nothing while it runs at <see cref="LeastBytesPerSecond"/> or faster.
    /// </remarks>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The rate below which a transfer counts as waiting; 1 MiB/s.</summary>
    public long LeastBytesPerSecond { get; init; } = 1 << 20;

    /// <summary>The private key that entries are signed with, as PEM (ECDSA, P-256); null for none.</summary>
    public string? SigningKeyPem { get; init; }

    /// <summary>The public keys whose entries are believed, as PEM; with one of them, or a signing key, unsigned entries are refused.</summary>
    public IReadOnlyList<string> TrustedKeysPem { get; init; } = [];

    /// <summary>Whether one worker computes a pass while the others wait for it; true.</summary>
    public bool Leases { get; init; } = true;

    /// <summary>How long a worker waits for another's pass before it computes it itself; 30 minutes.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromMinutes(30);
}

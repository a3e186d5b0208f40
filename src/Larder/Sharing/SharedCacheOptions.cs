using System.Globalization;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>How a team's store is used.</summary>
public sealed record SharedCacheOptions
{
    private const int MostNamespaceLetters = 64;

    internal static readonly TimeSpan MostDeadline = TimeSpan.FromHours(1);

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

    /// <summary>Says all that is wrong with the options at once.</summary>
    /// <exception cref="ArgumentException">Something is; the message has all faults.</exception>
    internal void Validate()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new ArgumentException($"The shared cache cannot be used as it is set: {string.Join(" ", faults)}");
    }

    internal static bool IsNamespace(string? text) =>
        text?.Length is > 0 and <= MostNamespaceLetters
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');

    private IEnumerable<string> Faults()
    {
        if (!IsNamespace(Namespace))
            yield return $"Namespace: {Printable.Quote(Namespace ?? "")} is not 1 to {MostNamespaceLetters} lower-case letters, digits, '-' and '_'.";
        if (Deadline <= TimeSpan.Zero || Deadline > MostDeadline)
            yield return $"Deadline: {Deadline} is not above 0 and at most {MostDeadline}.";
        if (LeastBytesPerSecond <= 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"LeastBytesPerSecond: {LeastBytesPerSecond} is not above 0."
            );
        if (LeaseWait < TimeSpan.Zero)
            yield return $"LeaseWait: {LeaseWait} is below 0; without Leases nobody waits.";
        if (SigningKeyPem is { } signing && EntryKeyPair.FaultOf(signing, isPrivate: true) is { } fault)
            yield return $"SigningKeyPem: it {fault}.";
        if (TrustedKeysPem is null)
            yield return "TrustedKeysPem: it is null; without keys it is empty.";
        var number = 0;
        foreach (var trusted in TrustedKeysPem ?? [])
        {
            number++;
            if (EntryKeyPair.FaultOf(trusted, isPrivate: false) is { } trustedFault)
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"TrustedKeysPem: the key number {number} {trustedFault}."
                );
        }
    }
}

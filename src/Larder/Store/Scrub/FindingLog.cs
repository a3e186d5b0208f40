using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Collects what the checks of one verification find, from all their threads.</summary>
internal sealed class FindingLog
{
    // By path: what was found damaged and moved away is not reported as missing as well.
    private readonly ConcurrentDictionary<string, VerifyFinding> _findings = new(StringComparer.Ordinal);
    private int _checked;
    private long _bytesRead;

    public int Checked => Volatile.Read(ref _checked);

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public IReadOnlyList<VerifyFinding> Findings =>
        [.. _findings.Values.OrderBy(finding => finding.Path, StringComparer.Ordinal)];

    public void Count() => Interlocked.Increment(ref _checked);

    public void AddBytes(long count) => Interlocked.Add(ref _bytesRead, count);

    public void Add(VerifyFinding finding) => _findings.TryAdd(finding.Path, finding);

    public void AddUnreadable(FindingSubject subject, string path, Exception failure) =>
        Add(
            new VerifyFinding
            {
                Subject = subject,
                Fault = FindingFault.Unreadable,
                Path = path,
                Message = Unreadable(path, failure.Message),
            }
        );

    /// <summary>Notes a file that could not be read, or was wrong once and right the second time; neither is damage.</summary>
    public void AddDoubt(FindingSubject subject, string path, Digest digest, Verdict verdict) =>
        Add(
            new VerifyFinding
            {
                Subject = subject,
                Fault = verdict.Kind == VerdictKind.Unreadable ? FindingFault.Unreadable : FindingFault.TransientRead,
                Path = path,
                Digest = digest,
                Message =
                    verdict.Kind == VerdictKind.Unreadable
                        ? Unreadable(path, verdict.Reason)
                        : $"'{path}' {verdict.Reason}. It is sound; see to the machine.",
            }
        );

    private static string Unreadable(string path, string reason) =>
        $"'{path}' cannot be read: {reason.TrimEnd('.')}. It was left where it is; look at the disk, and verify again.";
}

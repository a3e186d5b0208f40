using Larder.Content;
using Larder.Store;

namespace Larder.Sharing.Administration;

/// <summary>An entry that a list has found: its document, what its name says, and what its document says if it can be read.</summary>
internal sealed record ListedSharedEntry(SharedObject Seen, string Place, string Kind, Digest Key, StoreEntry? Entry)
{
    private const char SignerSeparator = '.';

    public string Namespace => Place.Split(SignerSeparator)[0];

    public Digest? Signer =>
        Place.Split(SignerSeparator) is [_, var signer] && Digest.TryParse(signer, out var digest) ? digest : null;

    public SharedEntrySummary Summarize(DateTimeOffset now) =>
        new()
        {
            Namespace = Namespace,
            Signer = Signer,
            Kind = Kind,
            Key = Key,
            Manifest = Entry?.Manifest,
            SizeBytes = Entry?.SizeBytes ?? 0,
            Files = Entry?.Files ?? 0,
            Created = Entry?.Created,
            Published = Seen.Modified,
            Reference = Entry?.Source.Reference,
            Age = now - Seen.Modified,
            Name = Seen.Name,
        };
}

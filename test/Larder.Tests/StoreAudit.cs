using System.Globalization;
using Larder.Content;
using Larder.Store;
using Larder.Store.Partial;
using Larder.Store.Room;
using Larder.Store.Scrub;

namespace Larder.Tests;

/// <summary>Reads a whole store that nobody is using and finds everything in it that should not be so.</summary>
internal sealed class StoreAudit
{
    private readonly StoreLayout _layout;
    private readonly List<string> _faults = [];
    private readonly HashSet<Digest> _entryManifests = [];
    private readonly Dictionary<Digest, Manifest> _manifests = [];

    private StoreCounts _counts = StoreCounts.Zero;

    private StoreAudit(string root) => _layout = new StoreLayout(root);

    /// <summary>Fails with all faults of a store. Earlier versions of a model, which no entry reaches, are no fault if said so.</summary>
    public static void AssertWhole(string root, bool mayHoldOldVersions = false)
    {
        var audit = new StoreAudit(root);
        audit.LookAtFiles();
        audit.LookForLeftovers();
        audit.LookAtPartials();
        audit.LookAtCounts();
        if (!mayHoldOldVersions)
            audit.LookForUnreachable();
        audit.AssertNoFaults();
    }

    /// <summary>What a store's files have that should not be so: what whoever reads them all can know.</summary>
    public static IReadOnlyList<string> FaultsOf(string root)
    {
        var audit = new StoreAudit(root);
        audit.LookAtFiles();
        return audit._faults;
    }

    /// <summary>The same of a store in which leases are held or pulls are under way.</summary>
    public static void AssertWholeInUse(string root)
    {
        var audit = new StoreAudit(root);
        audit.LookAtFiles();
        audit.AssertNoFaults();
    }

    /// <summary>Fails unless a store is as it was when it was made.</summary>
    public static void AssertEmpty(string root)
    {
        AssertWhole(root);
        AssertEmptyInUse(root);
    }

    /// <summary>Fails unless nothing is stored, whatever is going on.</summary>
    public static void AssertEmptyInUse(string root)
    {
        var layout = new StoreLayout(root);
        Assert.Empty(Files(layout.Entries).Concat(Files(layout.Manifests)).Concat(Files(layout.Blobs)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(layout.Snapshots));
        Assert.Empty(Files(layout.Quarantine));
    }

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories);

    private static Digest NameOf(string path) =>
        Digest.Parse(Path.GetFileName(Path.GetDirectoryName(path)) + Path.GetFileNameWithoutExtension(path));

    private void AssertNoFaults() => Assert.True(_faults.Count == 0, string.Join('\n', _faults));

    private void LookAtFiles()
    {
        LookAtEntries();
        LookAtManifests();
        LookAtBlobs();
        LookAtSnapshots();
    }

    private void LookAtEntries()
    {
        foreach (var path in Files(_layout.Entries))
        {
            if (EntryReader.TryRead(File.ReadAllBytes(path)) is not { } entry)
            {
                _faults.Add($"{path} is not an entry document");
                continue;
            }
            Expect(Digest.Of(entry.Request.Span) == NameOf(path), $"{path} answers another request than its name says");
            Expect(
                File.Exists(_layout.Manifest(entry.Manifest)),
                $"{path} names the manifest {entry.Manifest}, which is not there"
            );
            _entryManifests.Add(entry.Manifest);
            _entryManifests.UnionWith(entry.Previous);
            _counts += new StoreCounts { Entries = 1, EntryBytes = entry.SizeBytes };
        }
    }

    private void LookAtManifests()
    {
        foreach (var path in Files(_layout.Manifests))
        {
            var bytes = File.ReadAllBytes(path);
            Expect(Digest.Of(bytes) == NameOf(path), $"{path} has other bytes than its name says");
            var manifest = Manifest.Parse(bytes);
            _manifests.Add(manifest.Digest, manifest);
            foreach (var file in manifest.Files)
                Expect(File.Exists(_layout.Blob(file.Digest)), $"{path} lists '{file.Path}', whose blob is not there");
        }
    }

    private void LookAtBlobs()
    {
        foreach (var path in Files(_layout.Blobs))
        {
            if (BlockChecksumFile.IsOne(path))
            {
                LookAtChecksums(path);
                continue;
            }
            LookAtFile(path, NameOf(path));
            _counts += new StoreCounts { Blobs = 1, BlobBytes = new FileInfo(path).Length };
        }
    }

    /// <summary>A blob may lack its list, a list may not lack its blob.</summary>
    private void LookAtChecksums(string path)
    {
        var blob = BlockChecksumFile.BlobOf(path);
        if (!File.Exists(blob))
        {
            _faults.Add($"{path} belongs to no blob");
            return;
        }
        var builder = new BlockChecksumBuilder();
        builder.Append(File.ReadAllBytes(blob));
        Expect(
            builder.End().Encode().AsSpan().SequenceEqual(File.ReadAllBytes(path)),
            $"{path} does not hold the checksums of its blob"
        );
    }

    private void LookAtSnapshots()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(_layout.Snapshots))
        {
            if (!_manifests.TryGetValue(Digest.Parse(Path.GetFileName(path)), out var manifest))
            {
                _faults.Add($"the manifest of {path} is not there");
                continue;
            }
            var files = manifest.Files.Select(file => Path.Join(path, file.Path)).Order(StringComparer.Ordinal);
            Expect(
                files.SequenceEqual(Files(path).Order(StringComparer.Ordinal), StringComparer.Ordinal),
                $"{path} has other files than its manifest"
            );
            foreach (var file in manifest.Files.Where(file => File.Exists(Path.Join(path, file.Path))))
                LookAtFile(Path.Join(path, file.Path), file.Digest);
        }
    }

    private void LookAtFile(string path, Digest digest)
    {
        Expect(Digest.Of(File.ReadAllBytes(path)) == digest, $"{path} has other bytes than its digest says");
        Expect(File.GetUnixFileMode(path) == StoreLayout.BlobMode, $"{path} has the mode {File.GetUnixFileMode(path)}");
        var time = File.GetLastWriteTimeUtc(path);
        Expect(
            time == StoreLayout.BlobTime.UtcDateTime,
            string.Create(CultureInfo.InvariantCulture, $"{path} has the time {time:O}")
        );
    }

    private void LookForLeftovers()
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(_layout.Root).Select(path => Path.GetFileName(path))];
        string[] known =
        [
            StoreMarker.FileName,
            "blobs",
            "manifests",
            "entries",
            "snapshots",
            "failures",
            "pins",
            "leases",
            "partial",
            "staging",
            "quarantine",
            "usage",
            "summary.json",
        ];
        _faults.AddRange(
            names.Except(known, StringComparer.Ordinal).Select(name => $"{name} does not belong into a store")
        );

        string[] temporary = [_layout.Staging, _layout.Leases];
        _faults.AddRange(
            temporary
                .SelectMany(directory =>
                    Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
                )
                .Except([_layout.CommitLock, _layout.RoomLock, _layout.Flights, _layout.Beats], StringComparer.Ordinal)
                .Select(path => $"{path} was left behind")
        );
    }

    /// <summary>What transfers that broke off have left: each with something to go on with, and no file that is a blob too.</summary>
    private void LookAtPartials()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(_layout.Partial))
        {
            var contents = PartialContents.TryRead(path);
            Expect(
                contents?.Files.Any(file => file.Blocks.Count > 0) == true,
                $"{path} has nothing that a transfer could go on with"
            );
            Expect(
                Path.GetFileName(path).StartsWith($"{contents?.Owner}-", StringComparison.Ordinal),
                $"{path} is the transfer of {contents?.Owner}"
            );
            foreach (var file in Files(path))
                Expect(
                    Posix.TryStatus(file, followLinks: false, out var status) && status.Links == 1,
                    $"{file} has {status.Links} names"
                );
        }
    }

    private void LookForUnreachable()
    {
        foreach (var digest in _manifests.Keys.Where(digest => !_entryManifests.Contains(digest)))
            _faults.Add($"no entry reaches the manifest {digest}");
        var blobs = _manifests.Values.SelectMany(manifest => manifest.Files).Select(file => file.Digest).ToHashSet();
        foreach (var path in Files(_layout.Blobs).Where(path => !blobs.Contains(NameOf(path))))
            _faults.Add($"no manifest reaches {path}");
    }

    /// <summary>The counts that reservations rest on; those of copied snapshots only where nothing was copied.</summary>
    private void LookAtCounts()
    {
        if (!File.Exists(_layout.RoomLock))
            return;
        using var file = File.OpenHandle(_layout.RoomLock);
        var counts = CountsFile.Read(file);
        Expect(
            counts is not null && counts with { CopyBytes = 0 } == _counts,
            $"the store has {_counts} and says {counts}"
        );
    }

    private void Expect(bool isSo, string fault)
    {
        if (!isSo)
            _faults.Add(fault);
    }
}

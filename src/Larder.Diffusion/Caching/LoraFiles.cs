using System.Collections.Concurrent;
using System.Globalization;
using Larder.Content;
using Larder.Diffusion.Presets;
using Larder.Passes.Keys;

namespace Larder.Diffusion.Caching;

/// <summary>Reads LoRAs for their digests, each again only when its file was changed.</summary>
internal sealed class LoraFiles(TimeProvider timeProvider)
{
    private const int MaxRemembered = 1024;

    // File systems keep times in steps of some milliseconds, FAT of two seconds: what was written a moment before it was read can
    // be written once more without another time.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (FileDigest File, bool IsSettled)> _known = new(
        StringComparer.Ordinal
    );

    /// <summary>Reads those of a list, in its order.</summary>
    /// <exception cref="DiffusionException">Some cannot be read: all that is wrong with all of them.</exception>
    public Task<IReadOnlyList<LoraFile>> ReadAsync(LoraList loras, CancellationToken cancellationToken) =>
        loras.Count == 0
            ? Task.FromResult<IReadOnlyList<LoraFile>>([])
            // Hashing is work for the processor, and LoRAs of large models have hundreds of megabytes.
            : Task.Run<IReadOnlyList<LoraFile>>(() => Read(loras, cancellationToken), cancellationToken);

    private LoraFile[] Read(LoraList loras, CancellationToken cancellationToken)
    {
        var files = new LoraFile[loras.Count];
        List<DiffusionFault> faults = [];
        for (var place = 0; place < files.Length; place++)
        {
            try
            {
                files[place] = Read(loras[place], cancellationToken);
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                var subject = string.Create(
                    CultureInfo.InvariantCulture,
                    $"loras[{place}] ({Printable.Quote(loras[place].Path)})"
                );
                faults.Add(new DiffusionFault(subject, Printable.Escape(wrong.Message)));
            }
        }
        return faults.Count > 0 ? throw new DiffusionException("The LoRAs cannot be read", faults) : files;
    }

    private LoraFile Read(LoraChoice lora, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(lora.Path);
        if (_known.TryGetValue(path, out var known) && known.IsSettled && !known.File.HasChanged(cancellationToken))
            return new LoraFile(known.File, lora.Strength, IsSettled: true);

        var now = timeProvider.GetUtcNow();
        var file = FileDigest.Read(path, cancellationToken);
        if (file.IsDirectory)
            throw new InvalidDataException("It is a directory: name a safetensors file.");
        var isSettled =
            now - DateTimeOffset.UnixEpoch
            > TimeSpan.FromMicroseconds(file.Files[0].Stamp.ModifiedNanoseconds / 1000) + Settling;
        if (_known.Count >= MaxRemembered)
            _known.Clear();
        _known[path] = (file, isSettled);
        return new LoraFile(file, lora.Strength, isSettled);
    }
}

using System.Collections.Concurrent;
using Larder.Content;
using Larder.Derived;
using Larder.Onnx.Native;
using Larder.Onnx.Serving;
using Larder.Onnx.Telemetry;
using Larder.Pull;
using Microsoft.Extensions.Logging;

namespace Larder.Onnx.Cold;

/// <summary>Loads models by their optimised copies in the store, and keeps such copies where they pay.</summary>
/// <remarks>
/// A copy saves time and nothing else: whatever is wrong with one, or with the store, the model itself is loaded.
/// </remarks>
internal sealed class ColdModels(ModelCache files, bool isOn, TimeProvider timeProvider, ILogger logger)
{
    private const string GraphFile = "model.onnx";

    // All large weights, in a file that is mapped: read like that they take a third of the time that they take in the graph's
    // own file, and a model of more than 2 GB has no other way.
    private const string WeightsFile = "model.weights";

    // Whether a copy pays, of models that this process has loaded without one.
    private readonly ConcurrentDictionary<EntryKey, bool> _verdicts = new();

    /// <summary>When a copy is kept; tests have another.</summary>
    public ColdRule Rule { get; set; } = new();

    /// <summary>What copies depend on; tests pretend to be elsewhere.</summary>
    public Func<OrtRuntime, ColdFacts?> FindFacts { get; set; } = ColdFacts.Of;

    /// <summary>Loads a file of a snapshot, which then is the loaded model's to dispose.</summary>
    /// <exception cref="OnnxException">The model itself cannot be loaded.</exception>
    public async Task<LoadedModel> LoadAsync(
        Snapshot snapshot,
        string file,
        int intraOpThreads,
        CancellationToken cancellationToken
    )
    {
        var runtime = OrtRuntime.Get(named: null);
        var source = new Source(runtime, snapshot, file, new SessionSettings(intraOpThreads));
        if (!isOn || source.FileBytes < Rule.LeastModelBytes || FindFacts(runtime) is not { } facts)
            return new LoadedModel(source.Load(), snapshot);

        var key = OptimizedRequest.KeyOf(snapshot.Digest, file, facts);
        if (await TryLoadCopyAsync(key, source, cancellationToken).ConfigureAwait(false) is { } loaded)
            return loaded;
        return new LoadedModel(await LoadItselfAsync(key, source, cancellationToken).ConfigureAwait(false), snapshot);
    }

    private async Task<LoadedModel?> TryLoadCopyAsync(EntryKey key, Source source, CancellationToken cancellationToken)
    {
        DerivedFiles? copy;
        try
        {
            copy = await files.TryOpenAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (LarderException failure)
        {
            logger.NotFound(source.Name, failure.Message);
            OnnxMeter.CountCopy("failed");
            return null;
        }
        if (copy is null)
            return null;
        try
        {
            var model = source.Load(
                Path.Combine(copy.Path, GraphFile),
                settings => settings with { Level = SessionSettings.None }
            );
            OnnxMeter.CountCopy("hit");
            return new LoadedModel(model, source.Snapshot, copy);
        }
        catch (OnnxException failure)
        {
            // Before it is removed: what is leased stays.
            copy.Dispose();
            await RemoveAsync(key, source.Name, failure, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    private async Task RemoveAsync(
        EntryKey key,
        string model,
        OnnxException reason,
        CancellationToken cancellationToken
    )
    {
        OnnxMeter.CountCopy("damaged");
        try
        {
            if (await files.RemoveAsync(key, cancellationToken).ConfigureAwait(false))
                logger.Removed(model, reason.Message);
            else
                logger.NotRemoved(model, $"Somebody else uses it. {reason.Message}");
        }
        catch (LarderException failure)
        {
            logger.NotRemoved(model, failure.Message);
        }
    }

    private async Task<OnnxModel> LoadItselfAsync(EntryKey key, Source source, CancellationToken cancellationToken)
    {
        var size = ModelFile.SizeBytes(source.Path);
        var isKnown = _verdicts.TryGetValue(key, out var pays);
        if (isKnown ? !pays : size > Rule.MostUntriedBytes)
        {
            var start = timeProvider.GetTimestamp();
            var model = source.Load();
            if (!isKnown)
                _verdicts[key] = Rule.IsWorthKeeping(size, timeProvider.GetElapsedTime(start));
            return model;
        }
        using var writer = await TryWriteAsync(key, size, source.Name, cancellationToken).ConfigureAwait(false);
        return writer is null
            ? source.Load()
            : await LoadAndKeepAsync(key, source, writer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DerivedWriter?> TryWriteAsync(
        EntryKey key,
        long sizeBytes,
        string model,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var writer = await files.TryWriteAsync(key, sizeBytes, cancellationToken).ConfigureAwait(false);
            if (writer is null)
                NotKept(model, "the store has no room for it.");
            return writer;
        }
        catch (LarderException failure)
        {
            NotKept(model, failure.Message);
            return null;
        }
    }

    /// <summary>Loads the model, has the runtime write down what it makes of it, and stores that.</summary>
    /// <remarks>
    /// Before the model is handed out and not behind its back: by the rule it takes no longer than the load did, a process
    /// that ends after one prediction keeps it too, and nobody has to wait for it at a disposal.
    /// </remarks>
    private async Task<OnnxModel> LoadAndKeepAsync(
        EntryKey key,
        Source source,
        DerivedWriter writer,
        CancellationToken cancellationToken
    )
    {
        var start = timeProvider.GetTimestamp();
        OnnxModel model;
        try
        {
            model = source.Load(
                source.Path,
                settings =>
                    settings with
                    {
                        OptimizedPath = Path.Combine(writer.Path, GraphFile),
                        WeightsFile = WeightsFile,
                    }
            );
        }
        catch (OnnxException failure)
        {
            // A full disk, or the model itself: then this fails as well, and says so.
            model = source.Load();
            NotKept(source.Name, failure.Message);
            return model;
        }
        try
        {
            await KeepAsync(key, source, writer, timeProvider.GetElapsedTime(start), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for this model any more, or for its copy. Whose it is now will see to that.
        }
        // The model is loaded: whatever becomes of its copy, somebody is waiting for it.
        catch (Exception failure)
        {
            NotKept(source.Name, failure.Message);
        }
        return model;
    }

    private async Task KeepAsync(
        EntryKey key,
        Source source,
        DerivedWriter writer,
        TimeSpan loadTime,
        CancellationToken cancellationToken
    )
    {
        var size = new DirectoryInfo(writer.Path).EnumerateFiles().Sum(file => file.Length);
        _verdicts[key] = Rule.IsWorthKeeping(size, loadTime);
        if (!_verdicts[key])
            return;
        var derived = DerivedSource.Of(source.Snapshot, loadTime);
        if (await writer.CommitAsync(derived, cancellationToken).ConfigureAwait(false))
        {
            logger.Kept(source.Name, size, loadTime);
            OnnxMeter.CountCopy("kept");
        }
        else
        {
            NotKept(source.Name, "the store has no room for it.");
        }
    }

    private void NotKept(string model, string reason)
    {
        logger.NotKept(model, reason);
        OnnxMeter.CountCopy("failed");
    }

    /// <summary>What is loaded.</summary>
    private sealed record Source(OrtRuntime Runtime, Snapshot Snapshot, string File, SessionSettings Settings)
    {
        public string Path { get; } = System.IO.Path.Combine(Snapshot.Path, File);

        /// <summary>For messages.</summary>
        public string Name => Snapshot.Reference.Text;

        public long FileBytes => Snapshot.Manifest.Files.First(file => file.Path == File).SizeBytes;

        public OnnxModel Load() => OnnxModel.Load(Runtime, Path, Settings);

        public OnnxModel Load(string path, Func<SessionSettings, SessionSettings> change) =>
            OnnxModel.Load(Runtime, path, change(Settings));
    }
}

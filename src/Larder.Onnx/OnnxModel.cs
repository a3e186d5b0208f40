using Larder.Onnx.Native;
using Larder.Telemetry;

namespace Larder.Onnx;

/// <summary>An ONNX model, loaded and ready to run.</summary>
/// <remarks>
/// Any number of runs may go on at once; none waits for another. Who loads the model disposes it: disposal lets no
/// further run begin, waits for those that are under way, and then frees the model's memory.
/// </remarks>
public sealed class OnnxModel : IAsyncDisposable, IDisposable
{
    private readonly IOnnxSession _session;
    private readonly int[] _allOutputs;

    // Entered by every run. Only when it has drained is the session released: a release during a run ends the process.
    private readonly RunGate _gate = new();

    internal OnnxModel(string path, long sizeBytes, IOnnxSession session)
    {
        Path = path;
        SizeBytes = sizeBytes;
        _session = session;
        _allOutputs = [.. Enumerable.Range(0, session.Outputs.Count)];
    }

    /// <summary>The absolute path of the model file.</summary>
    public string Path { get; }

    /// <summary>The size on disk of the model file and of the files with external data that it names.</summary>
    public long SizeBytes { get; }

    /// <summary>What every run must be given, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs => _session.Inputs;

    /// <summary>What a run gives, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Outputs => _session.Outputs;

    /// <summary>Loads a model file. Slow and heavy on the processor: do it once and keep the model.</summary>
    /// <param name="path">The <c>.onnx</c> file; external data lies in the same directory.</param>
    /// <param name="options">How to load it; null for the defaults.</param>
    /// <exception cref="OnnxException">The file is missing, damaged, no ONNX model, or cannot be run.</exception>
    /// <exception cref="OnnxRuntimeMissingException">The native library is not there.</exception>
    public static OnnxModel Load(string path, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IntraOpThreads, 1, nameof(options));
        return Load(OrtRuntime.Get(options.RuntimePath), path, new SessionSettings(options.IntraOpThreads));
    }

    /// <summary>Runs the model and gives all its outputs. Blocks until the run is done.</summary>
    /// <param name="inputs">A tensor for each input of the model; their memory is read during the run.</param>
    /// <param name="cancellationToken">Ends the run, but only between two operators.</param>
    /// <exception cref="InvalidInputsException">The inputs do not fit the model.</exception>
    /// <exception cref="OnnxException">The runtime reported an error.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs,
        CancellationToken cancellationToken = default
    ) => Run(inputs, _allOutputs, cancellationToken);

    /// <summary>
    /// Runs the model and gives only the outputs named. What leads to no other output is not computed.
    /// </summary>
    /// <param name="inputs">A tensor for each input of the model; their memory is read during the run.</param>
    /// <param name="outputs">The names of the outputs wanted.</param>
    /// <param name="cancellationToken">Ends the run, but only between two operators.</param>
    /// <exception cref="ArgumentException">The model has no such output, or it is named twice, or none is.</exception>
    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, Tensor}, CancellationToken)"/>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyCollection<string> outputs,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Count, nameof(outputs));
        var indexes = outputs.Select(OutputIndex).ToArray();
        if (indexes.Distinct().Count() != indexes.Length)
            throw new ArgumentException("An output is named twice.", nameof(outputs));
        return Run(inputs, indexes, cancellationToken);
    }

    /// <summary>Waits for the runs under way without blocking, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.CloseAsync().ConfigureAwait(false);
        _session.Dispose();
    }

    /// <summary>
    /// Waits for the runs under way, then frees the model. Blocks: prefer <see cref="DisposeAsync"/>.
    /// </summary>
    public void Dispose()
    {
        // Blocking is what Dispose has to do here, and cannot deadlock: a run needs no other thread to come to its end.
        _gate.CloseAsync().GetAwaiter().GetResult();
        _session.Dispose();
    }

    internal static OnnxModel Load(OrtRuntime runtime, string path, SessionSettings settings)
    {
        var file = System.IO.Path.GetFullPath(path);
        var size = ModelFile.SizeBytes(file);
        return new OnnxModel(file, size, OrtSession.Load(runtime, file, settings));
    }

    private Dictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs,
        int[] outputs,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(!_gate.TryEnter(), this);
        using var activity = LarderActivities.Start(LarderActivities.Run);
        try
        {
            var values = _session.Run(InputOrder.Of(Inputs, inputs), outputs, cancellationToken);
            var named = new Dictionary<string, Tensor>(values.Length, StringComparer.Ordinal);
            for (var i = 0; i < values.Length; i++)
                named.Add(Outputs[outputs[i]].Name, values[i]);
            return named;
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
        finally
        {
            _gate.Leave();
        }
    }

    private int OutputIndex(string name)
    {
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (string.Equals(Outputs[i].Name, name, StringComparison.Ordinal))
                return i;
        }
        var names = string.Join(", ", Outputs.Select(output => $"'{output.Name}'"));
        throw new ArgumentException($"The model has no output '{name}'; it has {names}.", nameof(name));
    }
}

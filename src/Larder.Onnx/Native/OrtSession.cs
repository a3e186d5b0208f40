using System.Buffers;

namespace Larder.Onnx.Native;

/// <summary>A session of ONNX Runtime.</summary>
/// <remarks>Runs take no lock: the runtime wants none, and the fields do not change.</remarks>
internal sealed unsafe class OrtSession : IOnnxSession
{
    // Enough for the values of most models; 1 KiB of stack.
    private const int StackValues = 128;

    // What the runtime writes before the words of an operator that failed.
    private const string Refusal = "Status Message: ";

    private readonly OrtApi _api;
    private readonly OrtHandle _session;
    private readonly OrtValues _values;
    private readonly TensorSpec[] _inputs;
    private readonly TensorSpec[] _outputs;
    private readonly NativeNames _inputNames;
    private readonly NativeNames _outputNames;
    private readonly string _running;

    private OrtSession(OrtRuntime runtime, OrtHandle session, string path)
    {
        _api = runtime.Api;
        _session = session;
        _values = new OrtValues(runtime);
        var specs = new SpecReader(runtime, session.Value, path);
        _inputs = specs.Inputs();
        _outputs = specs.Outputs();
        _inputNames = new NativeNames(_inputs);
        _outputNames = new NativeNames(_outputs);
        _running = $"Running the model '{path}'";
    }

    public IReadOnlyList<TensorSpec> Inputs => _inputs;

    public IReadOnlyList<TensorSpec> Outputs => _outputs;

    public static OrtSession Load(OrtRuntime runtime, string path, SessionSettings settings)
    {
        var api = runtime.Api;
        var loading = $"Loading the model '{path}'";
        nint handle;
        api.Check(api.CreateSessionOptions(&handle), loading);
        using var options = new OrtHandle(handle, api.SessionOptionsReleaser);
        Apply(settings, api, options.Value, loading);
        fixed (byte* file = Utf8Text.Terminated(path))
            api.Check(api.CreateSession(runtime.Environment, file, options.Value, &handle), loading);
        var session = new OrtHandle(handle, api.SessionReleaser);
        try
        {
            return new OrtSession(runtime, session, path);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        var count = inputs.Length + (2 * outputs.Length);
        Span<nint> memory = count <= StackValues ? stackalloc nint[StackValues] : new nint[count];
        memory.Clear();
        var inputValues = memory[..inputs.Length];
        var outputValues = memory.Slice(inputs.Length, outputs.Length);
        var outputNames = memory.Slice(inputs.Length + outputs.Length, outputs.Length);
        var pins = new MemoryHandle[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
                inputValues[i] = _values.Create(_inputs[i].Name, inputs[i], out pins[i]);
            for (var i = 0; i < outputs.Length; i++)
                outputNames[i] = _outputNames.Pointers[outputs[i]];
            if (cancellationToken.CanBeCanceled)
                RunCancellable(inputValues, outputNames, outputValues, cancellationToken);
            else if (Run(0, inputValues, outputNames, outputValues) is not 0 and var status)
                throw Failure(status);

            var results = new Tensor[outputs.Length];
            for (var i = 0; i < results.Length; i++)
                results[i] = _values.Read(_outputs[outputs[i]].Name, outputValues[i]);
            return results;
        }
        finally
        {
            foreach (var value in memory[..(inputs.Length + outputs.Length)])
                _api.ReleaseValue(value);
            // After the values, which lie over this memory.
            foreach (ref var pin in pins.AsSpan())
                pin.Dispose();
            // The session and the names must not be finalised while native code uses them.
            GC.KeepAlive(this);
        }
    }

    public void Dispose() => _session.Dispose();

    private static void Apply(SessionSettings settings, OrtApi api, nint options, string loading)
    {
        // Always said: the default pins one thread to each core, and does not see which cores this process may use.
        api.Check(api.SetIntraOpNumThreads(options, settings.IntraOpThreads), loading);
        // Idle threads sleep instead of spinning: a server has other work for the cores.
        AddEntry("session.intra_op.allow_spinning", "0");
        api.Check(api.SetSessionGraphOptimizationLevel(options, settings.Level), loading);
        if (settings.OptimizedPath is not { } written)
            return;
        fixed (byte* file = Utf8Text.Terminated(written))
            api.Check(api.SetOptimizedModelFilePath(options, file), loading);
        if (settings.WeightsFile is { } weights)
            AddEntry("session.optimized_model_external_initializers_file_name", weights);

        void AddEntry(string key, string value)
        {
            fixed (byte* keyBytes = Utf8Text.Terminated(key))
            fixed (byte* valueBytes = Utf8Text.Terminated(value))
                api.Check(api.AddSessionConfigEntry(options, keyBytes, valueBytes), loading);
        }
    }

    private void RunCancellable(
        ReadOnlySpan<nint> inputs,
        ReadOnlySpan<nint> outputNames,
        Span<nint> outputs,
        CancellationToken cancellationToken
    )
    {
        using var cancellation = new RunCancellation(_api, cancellationToken);
        var status = Run(cancellation.RunOptions, inputs, outputNames, outputs);
        if (status == 0)
            return;
        var failure = Failure(status);
        // The runtime's code for a run that was stopped is that of any other failure: only we know that we stopped it.
        throw cancellation.IsCancelled
            ? new OperationCanceledException($"{_running} was cancelled.", failure, cancellationToken)
            : failure;
    }

    /// <summary>Why a run failed: an argument that an operator refuses came from the inputs, whose types and shapes are right.</summary>
    private LarderException Failure(nint status)
    {
        var (code, text) = _api.Read(status);
        var failure = OrtApi.Failed(_running, code, text);
        if (code is not OnnxErrorCode.InvalidArgument)
            return failure;
        // What stands before names the operator, which tells of the model and not of the inputs.
        var words = text.LastIndexOf(Refusal, StringComparison.Ordinal);
        var why = words < 0 ? text : text[(words + Refusal.Length)..];
        return new InvalidInputsException([new InputFault("inputs", $"The model refuses them: {why}.")], failure);
    }

    private nint Run(nint runOptions, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputNames, Span<nint> outputs)
    {
        fixed (nint* inputName = _inputNames.Pointers)
        fixed (nint* input = inputs)
        fixed (nint* outputName = outputNames)
        fixed (nint* output = outputs)
        {
            return _api.Run(
                _session.Value,
                runOptions,
                inputName,
                input,
                (nuint)inputs.Length,
                outputName,
                (nuint)outputs.Length,
                output
            );
        }
    }
}

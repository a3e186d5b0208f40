using Larder.Onnx;

namespace Larder.Server.Runtimes;

/// <summary>A worker's answer, asked for as tensors, is none.</summary>
internal sealed class NoTensorException(IReadOnlyList<InputFault> faults)
    : LarderException(string.Join(' ', faults.Select(fault => $"{fault.Path}: {fault.Message}")));

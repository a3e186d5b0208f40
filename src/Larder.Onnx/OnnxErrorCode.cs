namespace Larder.Onnx;

/// <summary>
/// The kind of failure that ONNX Runtime reports. The kinds are coarse; most run-time failures are <see cref="Fail"/>.
/// </summary>
public enum OnnxErrorCode
{
    /// <summary>A failure of no other kind.</summary>
    Fail = 1,

    /// <summary>An argument was refused.</summary>
    InvalidArgument = 2,

    /// <summary>The model file does not exist.</summary>
    NoSuchFile = 3,

    /// <summary>There is no model.</summary>
    NoModel = 4,

    /// <summary>The engine failed.</summary>
    EngineError = 5,

    /// <summary>An exception within the runtime, such as running out of memory.</summary>
    RuntimeException = 6,

    /// <summary>The model file is damaged, or is no ONNX file.</summary>
    InvalidProtobuf = 7,

    /// <summary>The model is loaded already.</summary>
    ModelLoaded = 8,

    /// <summary>The model uses what the runtime does not implement.</summary>
    NotImplemented = 9,

    /// <summary>The graph of the model is not valid.</summary>
    InvalidGraph = 10,

    /// <summary>An execution provider failed.</summary>
    ProviderFailed = 11,

    /// <summary>The load was cancelled.</summary>
    LoadCanceled = 12,

    /// <summary>The model has to be compiled first.</summary>
    RequiresCompilation = 13,

    /// <summary>Something was not found.</summary>
    NotFound = 14,

    /// <summary>The device was reset.</summary>
    DeviceReset = 15,
}

namespace Larder.Onnx.Native;

/// <summary>
/// The functions of ONNX Runtime's C API that are used here, each by its index in the table that the library gives out.
/// </summary>
/// <remarks>
/// A wrong index is no error but another function with other arguments, so the indexes stand here and nowhere else, and
/// OrtApiTests calls each of them. A function returns a status unless said otherwise: null is success, anything else
/// goes to <see cref="Check"/>, which reads and releases it.
/// </remarks>
internal sealed unsafe class OrtApi
{
    /// <summary>The version of the table that is asked for: the lowest that has every function below.</summary>
    public const uint Version = 24;

    private readonly nint* _table;

    public OrtApi(nint* table, string libraryVersion)
    {
        _table = table;
        LibraryVersion = libraryVersion;
    }

    /// <summary>The version of the library, such as <c>1.30.0</c>.</summary>
    public string LibraryVersion { get; }

    public delegate* unmanaged[Cdecl]<nint, void> SessionReleaser => (delegate* unmanaged[Cdecl]<nint, void>)_table[95];

    public delegate* unmanaged[Cdecl]<nint, void> RunOptionsReleaser =>
        (delegate* unmanaged[Cdecl]<nint, void>)_table[97];

    public delegate* unmanaged[Cdecl]<nint, void> TypeInfoReleaser =>
        (delegate* unmanaged[Cdecl]<nint, void>)_table[98];

    public delegate* unmanaged[Cdecl]<nint, void> SessionOptionsReleaser =>
        (delegate* unmanaged[Cdecl]<nint, void>)_table[100];

    /// <summary>Throws what a status says, and releases it.</summary>
    /// <param name="status">What a function returned.</param>
    /// <param name="doing">What was being done, as the beginning of the message.</param>
    public void Check(nint status, string doing)
    {
        if (status == 0)
            return;
        var (code, text) = Read(status);
        throw Failed(doing, code, text);
    }

    /// <summary>Reads what a status that is not 0 says, and releases it.</summary>
    public (OnnxErrorCode Code, string Text) Read(nint status)
    {
        var code = (OnnxErrorCode)GetErrorCode(status);
        var text = Utf8Text.Read(GetErrorMessage(status));
        ReleaseStatus(status);
        // Some texts end in line breaks, and those about damaged files repeat bytes of the file.
        return (code, string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim());
    }

    /// <summary>The failure that a status stands for.</summary>
    public static OnnxException Failed(string doing, OnnxErrorCode code, string text) =>
        new(code, $"{doing} failed: {text} ({code}).");

    /// <summary>Returns the code itself.</summary>
    public int GetErrorCode(nint status) => ((delegate* unmanaged[Cdecl]<nint, int>)_table[1])(status);

    /// <summary>Returns a text that lives as long as the status.</summary>
    public byte* GetErrorMessage(nint status) => ((delegate* unmanaged[Cdecl]<nint, byte*>)_table[2])(status);

    public void ReleaseStatus(nint status) => ((delegate* unmanaged[Cdecl]<nint, void>)_table[93])(status);

    public nint CreateEnv(int severity, byte* logId, nint* env) =>
        ((delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)_table[3])(severity, logId, env);

    public nint CreateSession(nint env, byte* path, nint options, nint* session) =>
        ((delegate* unmanaged[Cdecl]<nint, byte*, nint, nint*, nint>)_table[7])(env, path, options, session);

    public nint Run(
        nint session,
        nint runOptions,
        nint* inputNames,
        nint* inputs,
        nuint inputCount,
        nint* outputNames,
        nuint outputCount,
        nint* outputs
    ) =>
        ((delegate* unmanaged[Cdecl]<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)_table[9])(
            session,
            runOptions,
            inputNames,
            inputs,
            inputCount,
            outputNames,
            outputCount,
            outputs
        );

    public nint CreateSessionOptions(nint* options) => ((delegate* unmanaged[Cdecl]<nint*, nint>)_table[10])(options);

    /// <summary>Making a session then writes its optimised graph there, in place and without a sync.</summary>
    public nint SetOptimizedModelFilePath(nint options, byte* path) =>
        ((delegate* unmanaged[Cdecl]<nint, byte*, nint>)_table[11])(options, path);

    public nint SetSessionGraphOptimizationLevel(nint options, int level) =>
        ((delegate* unmanaged[Cdecl]<nint, int, nint>)_table[23])(options, level);

    public nint SetIntraOpNumThreads(nint options, int threads) =>
        ((delegate* unmanaged[Cdecl]<nint, int, nint>)_table[24])(options, threads);

    public nint SessionGetInputCount(nint session, nuint* count) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_table[30])(session, count);

    public nint SessionGetOutputCount(nint session, nuint* count) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_table[31])(session, count);

    public nint SessionGetInputTypeInfo(nint session, nuint index, nint* typeInfo) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)_table[33])(session, index, typeInfo);

    public nint SessionGetOutputTypeInfo(nint session, nuint index, nint* typeInfo) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)_table[34])(session, index, typeInfo);

    /// <summary>The name is to be freed with <see cref="AllocatorFree"/>.</summary>
    public nint SessionGetInputName(nint session, nuint index, nint allocator, byte** name) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)_table[36])(session, index, allocator, name);

    /// <summary>The name is to be freed with <see cref="AllocatorFree"/>.</summary>
    public nint SessionGetOutputName(nint session, nuint index, nint allocator, byte** name) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)_table[37])(session, index, allocator, name);

    public nint CreateRunOptions(nint* options) => ((delegate* unmanaged[Cdecl]<nint*, nint>)_table[39])(options);

    /// <summary>Ends the runs that use these options; may be called from any thread.</summary>
    public nint RunOptionsSetTerminate(nint options) => ((delegate* unmanaged[Cdecl]<nint, nint>)_table[46])(options);

    /// <summary>The only way to a tensor of strings.</summary>
    public nint CreateTensorAsOrtValue(nint allocator, long* shape, nuint rank, int elementType, nint* value) =>
        ((delegate* unmanaged[Cdecl]<nint, long*, nuint, int, nint*, nint>)_table[48])(
            allocator,
            shape,
            rank,
            elementType,
            value
        );

    /// <summary>The data stays the caller's, and must stay where it is until the value is released.</summary>
    public nint CreateTensorWithDataAsOrtValue(
        nint memoryInfo,
        void* data,
        nuint sizeBytes,
        long* shape,
        nuint rank,
        int elementType,
        nint* value
    ) =>
        ((delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)_table[49])(
            memoryInfo,
            data,
            sizeBytes,
            shape,
            rank,
            elementType,
            value
        );

    /// <summary>Not for strings: there it gives objects of C++.</summary>
    public nint GetTensorMutableData(nint value, void** data) =>
        ((delegate* unmanaged[Cdecl]<nint, void**, nint>)_table[51])(value, data);

    public nint GetStringTensorDataLength(nint value, nuint* sizeBytes) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_table[53])(value, sizeBytes);

    /// <summary>All strings back to back, and where each one starts.</summary>
    public nint GetStringTensorContent(nint value, byte* text, nuint sizeBytes, nuint* offsets, nuint count) =>
        ((delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, nuint, nint>)_table[54])(
            value,
            text,
            sizeBytes,
            offsets,
            count
        );

    /// <summary>The tensor's part of a type, which lives as long as the type; null when it is no tensor.</summary>
    public nint CastTypeInfoToTensorInfo(nint typeInfo, nint* tensorInfo) =>
        ((delegate* unmanaged[Cdecl]<nint, nint*, nint>)_table[55])(typeInfo, tensorInfo);

    public nint GetTensorElementType(nint tensorInfo, int* elementType) =>
        ((delegate* unmanaged[Cdecl]<nint, int*, nint>)_table[60])(tensorInfo, elementType);

    public nint GetDimensionsCount(nint tensorInfo, nuint* rank) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_table[61])(tensorInfo, rank);

    /// <summary>-1 stands for a free dimension.</summary>
    public nint GetDimensions(nint tensorInfo, long* sizes, nuint rank) =>
        ((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)_table[62])(tensorInfo, sizes, rank);

    /// <summary>An empty name stands for none; the names live as long as the type.</summary>
    public nint GetSymbolicDimensions(nint tensorInfo, byte** names, nuint rank) =>
        ((delegate* unmanaged[Cdecl]<nint, byte**, nuint, nint>)_table[63])(tensorInfo, names, rank);

    public nint CreateCpuMemoryInfo(int allocatorType, int memoryType, nint* memoryInfo) =>
        ((delegate* unmanaged[Cdecl]<int, int, nint*, nint>)_table[69])(allocatorType, memoryType, memoryInfo);

    public nint AllocatorFree(nint allocator, void* memory) =>
        ((delegate* unmanaged[Cdecl]<nint, void*, nint>)_table[76])(allocator, memory);

    /// <summary>Always the same one; never to be released.</summary>
    public nint GetAllocatorWithDefaultOptions(nint* allocator) =>
        ((delegate* unmanaged[Cdecl]<nint*, nint>)_table[78])(allocator);

    public void ReleaseValue(nint value) => ((delegate* unmanaged[Cdecl]<nint, void>)_table[96])(value);

    public nint AddSessionConfigEntry(nint options, byte* key, byte* value) =>
        ((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)_table[130])(options, key, value);

    /// <summary>Makes room for one string and gives its buffer, which the value owns.</summary>
    public nint GetResizedStringTensorElementBuffer(nint value, nuint index, nuint sizeBytes, byte** buffer) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, nuint, byte**, nint>)_table[252])(value, index, sizeBytes, buffer);

    /// <summary>Returns a text that is never freed: from which sources the library was built, and how.</summary>
    public byte* GetBuildInfoString() => ((delegate* unmanaged[Cdecl]<byte*>)_table[254])();

    /// <summary>Returns one byte itself, no status: 0 when the model gives no number of dimensions.</summary>
    public byte TensorTypeAndShapeHasShape(nint tensorInfo) =>
        ((delegate* unmanaged[Cdecl]<nint, byte>)_table[390])(tensorInfo);

    /// <summary>The sizes live as long as the value; a scalar has none, and null for them.</summary>
    public nint GetTensorElementTypeAndShapeDataReference(nint value, int* elementType, long** sizes, nuint* rank) =>
        ((delegate* unmanaged[Cdecl]<nint, int*, long**, nuint*, nint>)_table[414])(value, elementType, sizes, rank);
}

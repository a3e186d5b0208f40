using Larder.Onnx.Native;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Native;

/// <summary>
/// Calls every function by its index: a wrong index is another function, so each is known by what it does.
/// </summary>
public sealed unsafe class OrtApiTests : IDisposable
{
    private const int Float = (int)TensorElementType.Float32;
    private const int Text = (int)TensorElementType.String;

    private readonly TempDirectory _directory = new();
    private readonly OrtRuntime _runtime = OrtRuntime.Get(named: null);
    private readonly OrtApi _api;

    public OrtApiTests() => _api = _runtime.Api;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Status_1_2_93_HasCodeAndText()
    {
        nint session;
        nint status;
        using var options = Options();
        fixed (byte* path = "/nowhere/absent.onnx\0"u8)
            status = _api.CreateSession(_runtime.Environment, path, options.Value, &session);

        Assert.Equal((int)OnnxErrorCode.NoSuchFile, _api.GetErrorCode(status));
        Assert.Contains("/nowhere/absent.onnx", Utf8Text.Read(_api.GetErrorMessage(status)), StringComparison.Ordinal);
        _api.ReleaseStatus(status);
    }

    [Fact]
    public void CreateEnv_3_GivesTheOneOfTheProcess()
    {
        nint again;
        fixed (byte* name = "again\0"u8)
            Check(_api.CreateEnv(4, name, &again));

        Assert.Equal(_runtime.Environment, again);
    }

    [Fact]
    public void SessionOptions_10_100_24_SetTheThreads()
    {
        using var options = Options();
        Check(_api.SetIntraOpNumThreads(options.Value, 3));
        // Affinities are for all threads but the caller's: two for three threads, and refused for any other number.
        SetEntry(options, "session.intra_op_thread_affinities\0"u8, "1;1\0"u8);
        using var session = Session(Models.Identity(OnnxType.Float), options);

        Check(_api.SetIntraOpNumThreads(options.Value, 2));
        Assert.Throws<OnnxException>(() => Session(Models.Identity(OnnxType.Float), options));
    }

    [Fact]
    public void SessionOptions_11_23_WriteTheGraphAsItWasOptimised()
    {
        var (optimized, asItIs) = (_directory["optimized.onnx"], _directory["as-it-is.onnx"]);
        Write(optimized, level: 99);
        Write(asItIs, level: 0);

        Assert.InRange(new FileInfo(optimized).Length, 1, new FileInfo(asItIs).Length - 1);

        void Write(string written, int level)
        {
            using var options = Options();
            Check(_api.SetSessionGraphOptimizationLevel(options.Value, level));
            fixed (byte* path = Utf8Text.Terminated(written))
                Check(_api.SetOptimizedModelFilePath(options.Value, path));
            using var session = Session(Models.Foldable(), options);
        }
    }

    [Fact]
    public void GetBuildInfoString_254_NamesTheCommit() =>
        Assert.Contains("git-commit-id=", Utf8Text.Read(_api.GetBuildInfoString()), StringComparison.Ordinal);

    [Fact]
    public void AddSessionConfigEntry_130_TakesEffect()
    {
        using var options = Options();
        SetEntry(options, "session.disable_cpu_ep_fallback\0"u8, "1\0"u8);

        Assert.Throws<OnnxException>(() => Session(Models.Identity(OnnxType.Float), options));
    }

    [Fact]
    public void Session_7_30_31_36_37_76_78_95_TellsItsNames()
    {
        using var options = Options();
        using var session = Session(Models.SumAndProduct(), options);
        nuint inputs;
        nuint outputs;
        Check(_api.SessionGetInputCount(session.Value, &inputs));
        Check(_api.SessionGetOutputCount(session.Value, &outputs));
        nint allocator;
        Check(_api.GetAllocatorWithDefaultOptions(&allocator));
        byte* input;
        byte* output;
        Check(_api.SessionGetInputName(session.Value, 1, allocator, &input));
        Check(_api.SessionGetOutputName(session.Value, 1, allocator, &output));

        Assert.Equal((2u, 2u), ((uint)inputs, (uint)outputs));
        Assert.Equal("b", Utf8Text.Read(input));
        Assert.Equal("product", Utf8Text.Read(output));
        Check(_api.AllocatorFree(allocator, input));
        Check(_api.AllocatorFree(allocator, output));
    }

    [Fact]
    public void Type_33_34_55_60_61_62_63_98_390_TellsElementsAndShape()
    {
        using var options = Options();
        using var session = Session(Models.SumAndProduct(), options);
        nint input;
        nint output;
        Check(_api.SessionGetInputTypeInfo(session.Value, 0, &input));
        Check(_api.SessionGetOutputTypeInfo(session.Value, 0, &output));
        var sizes = stackalloc long[2];
        var names = stackalloc byte*[2];
        foreach (var typeInfo in new[] { input, output })
        {
            using var type = new OrtHandle(typeInfo, _api.TypeInfoReleaser);
            nint tensor;
            int elementType;
            nuint rank;
            Check(_api.CastTypeInfoToTensorInfo(type.Value, &tensor));
            Check(_api.GetTensorElementType(tensor, &elementType));
            Check(_api.GetDimensionsCount(tensor, &rank));
            Check(_api.GetDimensions(tensor, sizes, rank));
            Check(_api.GetSymbolicDimensions(tensor, names, rank));

            Assert.Equal((Float, 2u), (elementType, (uint)rank));
            Assert.Equal((-1, 1), (sizes[0], sizes[1]));
            Assert.Equal(("batch", ""), (Utf8Text.Read(names[0]), Utf8Text.Read(names[1])));
            Assert.Equal(1, _api.TensorTypeAndShapeHasShape(tensor));
        }
    }

    [Fact]
    public void Numbers_49_51_69_96_414_LieOverTheCallersMemory()
    {
        nint memory;
        Check(_api.CreateCpuMemoryInfo(0, 0, &memory));
        var data = stackalloc float[] { 1, 2 };
        var shape = stackalloc long[] { 2, 1 };
        nint value;
        Check(_api.CreateTensorWithDataAsOrtValue(memory, data, 2 * sizeof(float), shape, 2, Float, &value));
        void* same;
        Check(_api.GetTensorMutableData(value, &same));
        int elementType;
        long* sizes;
        nuint rank;
        Check(_api.GetTensorElementTypeAndShapeDataReference(value, &elementType, &sizes, &rank));

        Assert.True(same == data);
        Assert.Equal((Float, 2u, 2, 1), (elementType, (uint)rank, sizes[0], sizes[1]));
        _api.ReleaseValue(value);
    }

    [Fact]
    public void Texts_48_53_54_252_KeepTheirBytes()
    {
        long size = 2;
        nint value;
        Check(_api.CreateTensorAsOrtValue(_runtime.Allocator, &size, 1, Text, &value));
        byte* buffer;
        Check(_api.GetResizedStringTensorElementBuffer(value, 0, 3, &buffer));
        "a\0b"u8.CopyTo(new Span<byte>(buffer, 3));
        Check(_api.GetResizedStringTensorElementBuffer(value, 1, 1, &buffer));
        *buffer = (byte)'c';
        nuint length;
        Check(_api.GetStringTensorDataLength(value, &length));
        var text = stackalloc byte[4];
        var offsets = stackalloc nuint[2];
        Check(_api.GetStringTensorContent(value, text, length, offsets, 2));

        Assert.Equal("a\0bc"u8, new ReadOnlySpan<byte>(text, (int)length));
        Assert.Equal((0u, 3u), ((uint)offsets[0], (uint)offsets[1]));
        _api.ReleaseValue(value);
    }

    [Fact]
    public void Run_9_39_46_97_ObeysItsOptions()
    {
        using var options = Options();
        using var session = Session(Models.Identity(OnnxType.Float), options);
        using var runOptions = RunOptions();
        var data = stackalloc float[] { 7 };
        long size = 1;
        nint input;
        Check(_api.CreateTensorWithDataAsOrtValue(_runtime.CpuMemory, data, sizeof(float), &size, 1, Float, &input));
        nint output = 0;
        fixed (byte* x = "x\0"u8)
        fixed (byte* y = "y\0"u8)
        {
            var inputName = (nint)x;
            var outputName = (nint)y;
            Check(_api.Run(session.Value, runOptions.Value, &inputName, &input, 1, &outputName, 1, &output));
            void* result;
            Check(_api.GetTensorMutableData(output, &result));
            Assert.Equal(7f, *(float*)result);
            _api.ReleaseValue(output);

            output = 0;
            Check(_api.RunOptionsSetTerminate(runOptions.Value));
            var status = _api.Run(session.Value, runOptions.Value, &inputName, &input, 1, &outputName, 1, &output);
            Assert.Contains("terminate", _api.Read(status).Text, StringComparison.Ordinal);
        }
        _api.ReleaseValue(input);
    }

    private void Check(nint status) => _api.Check(status, "Testing");

    private OrtHandle Options()
    {
        nint options;
        Check(_api.CreateSessionOptions(&options));
        return new OrtHandle(options, _api.SessionOptionsReleaser);
    }

    private OrtHandle RunOptions()
    {
        nint options;
        Check(_api.CreateRunOptions(&options));
        return new OrtHandle(options, _api.RunOptionsReleaser);
    }

    private void SetEntry(OrtHandle options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* keyText = key)
        fixed (byte* valueText = value)
            Check(_api.AddSessionConfigEntry(options.Value, keyText, valueText));
    }

    private OrtHandle Session(byte[] model, OrtHandle options)
    {
        File.WriteAllBytes(_directory["model.onnx"], model);
        nint session;
        fixed (byte* path = Utf8Text.Terminated(_directory["model.onnx"]))
            Check(_api.CreateSession(_runtime.Environment, path, options.Value, &session));
        return new OrtHandle(session, _api.SessionReleaser);
    }
}

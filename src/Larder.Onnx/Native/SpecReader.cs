namespace Larder.Onnx.Native;

/// <summary>Reads what a session takes and gives.</summary>
internal sealed unsafe class SpecReader
{
    private readonly OrtRuntime _runtime;
    private readonly OrtApi _api;
    private readonly nint _session;
    private readonly string _reading;

    public SpecReader(OrtRuntime runtime, nint session, string path)
    {
        _runtime = runtime;
        _api = runtime.Api;
        _session = session;
        _reading = $"Reading the inputs and outputs of '{path}'";
    }

    private delegate nint NameReader(nint session, nuint index, nint allocator, byte** name);

    private delegate nint TypeReader(nint session, nuint index, nint* typeInfo);

    public TensorSpec[] Inputs()
    {
        nuint count;
        _api.Check(_api.SessionGetInputCount(_session, &count), _reading);
        return Specs("input", count, _api.SessionGetInputName, _api.SessionGetInputTypeInfo);
    }

    public TensorSpec[] Outputs()
    {
        nuint count;
        _api.Check(_api.SessionGetOutputCount(_session, &count), _reading);
        return Specs("output", count, _api.SessionGetOutputName, _api.SessionGetOutputTypeInfo);
    }

    private TensorSpec[] Specs(string role, nuint count, NameReader readName, TypeReader readType)
    {
        var specs = new TensorSpec[count];
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            _api.Check(readName(_session, i, _runtime.Allocator, &name), _reading);
            var text = TakeName(name);
            nint type;
            _api.Check(readType(_session, i, &type), _reading);
            specs[i] = Spec(text, role, type);
        }
        return specs;
    }

    private string TakeName(byte* name)
    {
        var text = Utf8Text.Read(name);
        _api.Check(_api.AllocatorFree(_runtime.Allocator, name), _reading);
        return text;
    }

    private TensorSpec Spec(string name, string role, nint typeInfo)
    {
        using var type = new OrtHandle(typeInfo, _api.TypeInfoReleaser);
        nint tensor;
        _api.Check(_api.CastTypeInfoToTensorInfo(type.Value, &tensor), _reading);
        if (tensor == 0)
        {
            throw Unsupported(
                $"its {role} '{name}' is a sequence, a map or an optional, and only tensors are supported. "
                    + "Export the model again with tensors only (for scikit-learn: zipmap off)"
            );
        }
        int elementType;
        _api.Check(_api.GetTensorElementType(tensor, &elementType), _reading);
        if (!ElementTypes.IsSupported(elementType))
        {
            throw Unsupported(
                $"its {role} '{name}' has the ONNX element type {elementType}, which is not supported. "
                    + "Export the model with float32 or float16 there"
            );
        }
        return new TensorSpec(name, (TensorElementType)elementType, Shape(tensor))
        {
            HasShape = _api.TensorTypeAndShapeHasShape(tensor) != 0,
        };
    }

    private Dimension[] Shape(nint tensor)
    {
        nuint rank;
        _api.Check(_api.GetDimensionsCount(tensor, &rank), _reading);
        var sizes = new long[rank];
        var names = new nint[rank];
        fixed (long* size = sizes)
            _api.Check(_api.GetDimensions(tensor, size, rank), _reading);
        fixed (nint* name = names)
            _api.Check(_api.GetSymbolicDimensions(tensor, (byte**)name, rank), _reading);
        var shape = new Dimension[rank];
        for (var i = 0; i < shape.Length; i++)
        {
            var name = Utf8Text.Read((byte*)names[i]);
            shape[i] = sizes[i] >= 0 ? new Dimension(sizes[i]) : new Dimension(null, name.Length == 0 ? null : name);
        }
        return shape;
    }

    private OnnxException Unsupported(string reason) =>
        new(OnnxErrorCode.NotImplemented, $"{_reading} failed: {reason}.");
}

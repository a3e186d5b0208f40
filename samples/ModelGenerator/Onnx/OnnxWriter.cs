namespace ModelGenerator.Onnx;

/// <summary>Collects the parts of a model and writes them as an ONNX file.</summary>
/// <remarks>
/// The field numbers are those of ONNX's <c>onnx.proto</c>. Nothing checks that the graph makes sense: a broken
/// model can be written, for tests of those who read it. The same calls give the same bytes. Not thread-safe.
/// </remarks>
public sealed class OnnxWriter(string graphName)
{
    private const int ModelIrVersion = 1;
    private const int ModelProducerName = 2;
    private const int ModelGraph = 7;
    private const int ModelOpsetImport = 8;
    private const int ModelMetadata = 14;
    private const int GraphNode = 1;
    private const int GraphName = 2;
    private const int GraphInitializer = 5;
    private const int GraphInput = 11;
    private const int GraphOutput = 12;

    private readonly List<ProtobufMessage> _inputs = [];
    private readonly List<ProtobufMessage> _outputs = [];
    private readonly List<ProtobufMessage> _nodes = [];
    private readonly List<ProtobufMessage> _initializers = [];
    private readonly SortedDictionary<string, long> _opsets = new(StringComparer.Ordinal) { [""] = 20 };
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>The version of the file format; by default 9, which goes with operator set 20.</summary>
    public long IrVersion { get; init; } = 9;

    /// <summary>Who made the model.</summary>
    public string Producer { get; init; } = "larder-samples";

    /// <summary>Chooses the version of an operator set; ONNX's own, by default 20, has the empty name.</summary>
    public OnnxWriter Opset(string domain, long version)
    {
        _opsets[domain] = version;
        return this;
    }

    /// <summary>Adds a line that says something about the model.</summary>
    public OnnxWriter Metadata(string key, string value)
    {
        _metadata[key] = value;
        return this;
    }

    /// <summary>Adds an input that the caller of the model must give.</summary>
    public OnnxWriter Input(string name, OnnxType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _inputs.Add(ValueInfo(name, type, Shape(shape)));
        return this;
    }

    /// <summary>Adds an output; a node must make a value of this name.</summary>
    public OnnxWriter Output(string name, OnnxType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _outputs.Add(ValueInfo(name, type, Shape(shape)));
        return this;
    }

    /// <summary>Adds an input of any number of dimensions.</summary>
    public OnnxWriter InputOfAnyShape(string name, OnnxType type)
    {
        _inputs.Add(ValueInfo(name, type, shape: null));
        return this;
    }

    /// <summary>Adds an output of whatever type its node makes, which need not be a tensor.</summary>
    public OnnxWriter OutputAsMade(string name)
    {
        var info = new ProtobufMessage();
        info.AddString(1, name);
        _outputs.Add(info);
        return this;
    }

    /// <summary>Adds a weight.</summary>
    public OnnxWriter Weight(OnnxTensor tensor)
    {
        _initializers.Add(tensor.Message);
        return this;
    }

    /// <summary>Adds an operator; nodes are written in the order in which they are added, which must be a running order.</summary>
    public OnnxWriter Node(OnnxNode node)
    {
        _nodes.Add(node.ToMessage());
        return this;
    }

    /// <summary>Writes the model; bytes of streamed tensors are asked for now.</summary>
    public void WriteTo(Stream stream)
    {
        var model = new ProtobufMessage();
        model.AddInteger(ModelIrVersion, IrVersion);
        model.AddString(ModelProducerName, Producer);
        model.AddMessage(ModelGraph, Graph());
        foreach (var (domain, version) in _opsets)
        {
            var opset = new ProtobufMessage();
            opset.AddString(1, domain);
            opset.AddInteger(2, version);
            model.AddMessage(ModelOpsetImport, opset);
        }
        foreach (var (key, value) in _metadata)
            model.AddMessage(ModelMetadata, Entry(key, value));
        model.WriteTo(stream);
    }

    /// <summary>Gives the model as bytes, for a model that fits in memory.</summary>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>A key and a value, as metadata and the place of external data are written.</summary>
    internal static ProtobufMessage Entry(string key, string value)
    {
        var entry = new ProtobufMessage();
        entry.AddString(1, key);
        entry.AddString(2, value);
        return entry;
    }

    internal ProtobufMessage Graph()
    {
        var graph = new ProtobufMessage();
        graph.AddString(GraphName, graphName);
        AddAll(GraphInput, _inputs);
        AddAll(GraphOutput, _outputs);
        AddAll(GraphNode, _nodes);
        AddAll(GraphInitializer, _initializers);
        return graph;

        void AddAll(int field, List<ProtobufMessage> messages)
        {
            foreach (var message in messages)
                graph.AddMessage(field, message);
        }
    }

    private static ProtobufMessage ValueInfo(string name, OnnxType type, ProtobufMessage? shape)
    {
        var tensor = new ProtobufMessage();
        tensor.AddInteger(1, (long)type);
        if (shape is not null)
            tensor.AddMessage(2, shape);
        var typeMessage = new ProtobufMessage();
        typeMessage.AddMessage(1, tensor);
        var info = new ProtobufMessage();
        info.AddString(1, name);
        info.AddMessage(2, typeMessage);
        return info;
    }

    private static ProtobufMessage Shape(ReadOnlySpan<OnnxDimension> dimensions)
    {
        var shape = new ProtobufMessage();
        foreach (var dimension in dimensions)
            shape.AddMessage(1, Dimension(dimension));
        return shape;
    }

    private static ProtobufMessage Dimension(OnnxDimension dimension)
    {
        var message = new ProtobufMessage();
        if (dimension.Value is { } value)
            message.AddInteger(1, value);
        if (dimension.Name is { } name)
            message.AddString(2, name);
        return message;
    }
}

namespace ModelGenerator.Onnx;

/// <summary>One operator of a graph, with the names of the values that it reads and makes.</summary>
/// <param name="Operator">The operator's name, such as <c>Gemm</c>.</param>
/// <param name="Inputs">The values read, in the operator's order; an empty name leaves an optional one out.</param>
/// <param name="Outputs">The values made. The node is named for the first, so that the runtime's errors say where.</param>
public sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    private const int Input = 1;
    private const int Output = 2;
    private const int NodeName = 3;
    private const int OperatorType = 4;
    private const int Attribute = 5;
    private const int OperatorDomain = 7;

    /// <summary>The operator set that the operator belongs to; empty (the default) for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The operator's settings.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    internal ProtobufMessage ToMessage()
    {
        var message = new ProtobufMessage();
        foreach (var input in Inputs)
            message.AddString(Input, input);
        foreach (var output in Outputs)
            message.AddString(Output, output);
        message.AddString(NodeName, Outputs[0]);
        message.AddString(OperatorType, Operator);
        foreach (var attribute in Attributes)
            message.AddMessage(Attribute, attribute.Message);
        message.AddString(OperatorDomain, Domain);
        return message;
    }
}

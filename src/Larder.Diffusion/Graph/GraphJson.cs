using System.Text.Json;

namespace Larder.Diffusion.Graph;

/// <summary>Writes a graph as JSON.</summary>
internal static class GraphJson
{
    public static void Write(Utf8JsonWriter json, GraphPlan plan)
    {
        json.WriteStartObject();
        json.WriteString("name", plan.Name);
        json.WriteStartArray("inputs");
        foreach (var input in plan.Inputs)
            Write(json, input);
        json.WriteEndArray();
        json.WriteStartArray("nodes");
        foreach (var planned in plan.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("name", planned.Node.Name);
            json.WriteString("type", TypeName.Of(planned.Node.GetType()));
            WritePorts(json, "inputs", planned.Node.Inputs);
            WritePorts(json, "outputs", planned.Node.Outputs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WritePorts(json, "outputs", plan.Outputs);
        WriteEdges(json, plan);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeclaredInput input)
    {
        json.WriteStartObject();
        WriteType(json, input.Port);
        json.WriteBoolean("required", !input.HasDefault);
        if (input.HasDefault)
        {
            json.WritePropertyName("default");
            WriteValue(json, input.Default);
        }
        json.WriteEndObject();
    }

    private static void WriteEdges(Utf8JsonWriter json, GraphPlan plan)
    {
        json.WriteStartArray("edges");
        foreach (var planned in plan.Nodes)
        {
            foreach (var (input, slot) in planned.Node.Inputs.Zip(planned.InputSlots))
            {
                if (slot != PlannedNode.Unconnected)
                    WriteEdge(json, plan.Source(slot), input);
            }
        }
        foreach (var (output, slot) in plan.Outputs.Zip(plan.OutputSlots))
            WriteEdge(json, plan.Source(slot), output);
        json.WriteEndArray();
    }

    private static void WriteEdge(Utf8JsonWriter json, GraphPort from, GraphPort to)
    {
        json.WriteStartObject();
        WriteEnd("from", from);
        WriteEnd("to", to);
        json.WriteEndObject();

        void WriteEnd(string name, GraphPort port)
        {
            json.WriteStartObject(name);
            // Null is the graph itself.
            json.WriteString("node", port.Node?.Name);
            json.WriteString("port", port.Name);
            json.WriteEndObject();
        }
    }

    private static void WritePorts(Utf8JsonWriter json, string name, IEnumerable<GraphPort> ports)
    {
        json.WriteStartArray(name);
        foreach (var port in ports)
        {
            json.WriteStartObject();
            WriteType(json, port);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, GraphPort port)
    {
        json.WriteString("name", port.Name);
        json.WriteString("type", TypeName.Of(port.Type));
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, null));
                break;
            case float or double when double.IsFinite(Convert.ToDouble(value, null)):
                json.WriteNumberValue(Convert.ToDouble(value, null));
                break;
            case null:
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(FormattableString.Invariant($"{value}"));
                break;
        }
    }
}

using System.Text;

namespace Larder.Diffusion.Graph;

/// <summary>Draws a graph as a flowchart of Mermaid.</summary>
/// <remarks>Names of graphs have no characters that mean something to Mermaid; names of types do.</remarks>
internal static class GraphMermaid
{
    public static string Draw(GraphPlan plan)
    {
        var chart = new StringBuilder("flowchart LR\n");
        for (var place = 0; place < plan.Inputs.Length; place++)
            Line(chart, $"i{place}([\"{Named(plan.Inputs[place].Port)}\"])");
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            var node = plan.Nodes[place].Node;
            Line(chart, $"n{place}[\"{node.Name}<br/><small>{Escape(TypeName.Of(node.GetType()))}</small>\"]");
        }
        for (var place = 0; place < plan.Outputs.Length; place++)
            Line(chart, $"o{place}([\"{Named(plan.Outputs[place])}\"])");

        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            var node = plan.Nodes[place];
            for (var input = 0; input < node.InputSlots.Length; input++)
                Edge(chart, plan, node.InputSlots[input], node.Node.Inputs[input].Name, $"n{place}");
        }
        for (var place = 0; place < plan.Outputs.Length; place++)
            Edge(chart, plan, plan.OutputSlots[place], to: null, $"o{place}");
        return chart.ToString();
    }

    private static void Edge(StringBuilder chart, GraphPlan plan, int slot, string? to, string target)
    {
        if (slot == PlannedNode.Unconnected)
            return;
        var source = plan.Source(slot);
        var node = Array.FindIndex(plan.Nodes, node => ReferenceEquals(node.Node, source.Node));
        var (from, label) = node < 0 ? ($"i{slot}", to) : ($"n{node}", Label(source.Name, to));
        Line(chart, label is null ? $"{from} --> {target}" : $"{from} -->|\"{label}\"| {target}");
    }

    private static string Label(string from, string? to) => to is null || to == from ? from : $"{from} → {to}";

    private static string Named(GraphPort port) => $"{port.Name}<br/><small>{Escape(TypeName.Of(port.Type))}</small>";

    private static string Escape(string type) =>
        type.Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);

    private static void Line(StringBuilder chart, string line) => chart.Append("  ").Append(line).Append('\n');
}

using System.Globalization;
using System.Text;
using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>Draws a graph as a tree of texts.</summary>
internal static class GraphTree
{
    public static string Draw(GraphPlan plan)
    {
        var sections = new List<(string Title, IReadOnlyList<string> Lines)>
        {
            ("inputs", [.. plan.Inputs.Select(Line)]),
        };
        foreach (var node in plan.Nodes)
            sections.Add(($"{node.Node.Name}: {TypeName.Of(node.Node.GetType())}", [.. Lines(plan, node)]));
        sections.Add(("outputs", [.. plan.Outputs.Zip(plan.OutputSlots, (output, slot) => Line(plan, output, slot))]));
        sections.RemoveAll(section => section.Title == "inputs" && section.Lines.Count == 0);

        var tree = new StringBuilder(plan.Name);
        foreach (var (place, (title, lines)) in sections.Index())
        {
            var isLast = place == sections.Count - 1;
            tree.Append('\n').Append(isLast ? "└─ " : "├─ ").Append(title);
            foreach (var (number, line) in lines.Index())
                tree.Append('\n')
                    .Append(isLast ? "   " : "│  ")
                    .Append(number == lines.Count - 1 ? "└─ " : "├─ ")
                    .Append(line);
        }
        return tree.ToString();
    }

    private static string Line(DeclaredInput input) =>
        input.HasDefault ? $"{Typed(input.Port)} = {Text(input.Default)}" : Typed(input.Port);

    private static IEnumerable<string> Lines(GraphPlan plan, PlannedNode node) =>
        node
            .Node.Inputs.Zip(node.InputSlots, (input, slot) => Line(plan, input, slot))
            .Concat(node.Node.Outputs.Select(output => $"→ {Typed(output)}"));

    private static string Line(GraphPlan plan, InputPort input, int slot) =>
        slot == PlannedNode.Unconnected ? $"{Typed(input)}, its own default" : $"{Typed(input)} ← {plan.Source(slot)}";

    private static string Typed(GraphPort port) => $"{port.Name}: {TypeName.Of(port.Type)}";

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            string text => $"\"{Printable.Escape(text)}\"",
            bool flag => flag ? "true" : "false",
            IFormattable number when value.GetType().IsValueType => number.ToString(null, CultureInfo.InvariantCulture),
            _ => TypeName.Of(value.GetType()),
        };
}

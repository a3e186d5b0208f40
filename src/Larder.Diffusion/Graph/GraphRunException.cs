using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>A node failed, and with it the run. The nodes that were running with it have ended.</summary>
public sealed class GraphRunException : LarderException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node that failed; the first where several did.</param>
    /// <param name="cause">What it threw.</param>
    public GraphRunException(string graph, string node, Exception cause)
        : base(Describe(graph, node, cause), cause)
    {
        Graph = graph;
        Node = node;
    }

    /// <summary>The name of the graph.</summary>
    public string Graph { get; }

    /// <summary>The name of the node that failed.</summary>
    public string Node { get; }

    private static string Describe(string graph, string node, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return $"Node '{Printable.Escape(node)}' of the graph '{Printable.Escape(graph)}' failed: {cause.Message}";
    }
}

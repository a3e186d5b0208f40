namespace Larder.Graphs;
internal static class Placeholder;

namespace Larder.Graphs.Keys;

/// <summary>Leaves out of a graph's key what the graph does not depend on, such as a callback or a name for logs.</summary>
/// <remarks>
/// On a property: it is not read. On a private field: it may stay hidden, because the public properties tell all that matters.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class NotPartOfKeyAttribute : Attribute;

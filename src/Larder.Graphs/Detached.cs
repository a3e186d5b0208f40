namespace Larder.Graphs;

/// <summary>Work of the cache's own, which has nothing to do with who happens to cause it.</summary>
internal static class Detached
{
    /// <summary>Does something without the ambient values of whoever calls, for what it starts would carry them along.</summary>
    public static T Do<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return start();
        using (ExecutionContext.SuppressFlow())
            return start();
    }
}

namespace Larder.Diffusion.Graph;

/// <summary>The rule for values that all runs have in common.</summary>
internal static class SharedValue
{
    /// <summary>Refuses what is to be disposed of: no run owns it, and a node could hand it on as its own.</summary>
    public static void Check<T>(string name, T value)
    {
        if (value is IDisposable)
            throw new ArgumentException(
                $"The default of '{name}' is to be disposed of, and no run owns it: give it to each run instead.",
                nameof(value)
            );
    }
}

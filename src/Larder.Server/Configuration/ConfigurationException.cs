namespace Larder.Server.Configuration;

/// <summary>The configuration has faults; all of them are named at once.</summary>
public sealed class ConfigurationException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public ConfigurationException(string source, IReadOnlyList<string> faults, Exception? innerException = null)
        : base(Describe(source, faults), innerException) => Faults = faults;

    /// <summary>Each fault with the path of the setting that has it.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Describe(string source, IReadOnlyList<string> faults) =>
        faults.Count == 1
            ? $"The configuration '{source}' has a fault: {faults[0]}"
            : $"The configuration '{source}' has {faults.Count} faults:\n{string.Join('\n', faults.Select(fault => $"  - {fault}"))}";
}

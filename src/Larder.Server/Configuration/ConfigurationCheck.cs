namespace Larder.Server.Configuration;

/// <summary>Finds what is wrong with a configuration that code has made or changed; what was read has been checked with its words.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Each fault with what has it; none where all is well.</summary>
    public static IReadOnlyList<string> FaultsIn(LarderConfiguration configuration)
    {
        var faults = new List<string>();
        try
        {
            configuration.Store.Validate();
        }
        catch (ArgumentException fault)
        {
            faults.Add($"store: {fault.Message}");
        }
        faults.AddRange(configuration.Graphs.FindFaults().Select(fault => $"graphs: {fault}"));
        foreach (var (id, model) in configuration.Models)
        {
            if (!ModelId.IsValid(id))
                faults.Add(
                    $"models.{id} is no id of a model: 1 to {ModelId.MaxLength} letters, digits, '.', '_' and '-' are, but not 'cache'."
                );
            if (model.Id != id)
                faults.Add($"models.{id} is the model '{model.Id}'; a model stands under its own id.");
        }
        return faults;
    }
}

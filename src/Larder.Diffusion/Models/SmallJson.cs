using System.Globalization;
using System.Text.Json;

namespace Larder.Diffusion.Models;

/// <summary>Reads a JSON file that stands beside models.</summary>
internal static class SmallJson
{
    /// <summary>Reads a file of at most so many bytes.</summary>
    /// <returns>Null if it could not be read, which is among the faults then.</returns>
    public static JsonDocument? Read(string path, int maxBytes, List<DiffusionFault> faults)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length <= maxBytes)
                return JsonDocument.Parse(file);
            Fault(string.Create(CultureInfo.InvariantCulture, $"It has {file.Length} bytes; {maxBytes} are the most."));
        }
        catch (JsonException failure)
        {
            Fault($"It is no JSON: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fault($"It cannot be read: {failure.Message}");
        }
        return null;

        void Fault(string message) => faults.Add(new DiffusionFault(name, message));
    }
}

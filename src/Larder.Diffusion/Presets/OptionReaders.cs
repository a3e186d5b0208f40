using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Larder.Diffusion.Presets;

/// <summary>How values of options stand in JSON.</summary>
internal static class OptionReaders
{
    /// <summary>A whole number however it is written: 30, 30.0 and 3e1 are one.</summary>
    public static bool Whole(JsonElement json, out int value)
    {
        var isWhole = Number(json, out var number) && Math.Floor(number) == number && Math.Abs(number) <= int.MaxValue;
        value = isWhole ? (int)number : 0;
        return isWhole;
    }

    public static bool Number(JsonElement json, out double value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out value) && double.IsFinite(value);
    }

    public static bool Flag(JsonElement json, out bool value)
    {
        value = json.ValueKind == JsonValueKind.True;
        return value || json.ValueKind == JsonValueKind.False;
    }

    public static bool Text(JsonElement json, [MaybeNullWhen(false)] out string value)
    {
        value = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        return value is not null;
    }

    /// <summary>A list of paths, or of objects with <c>path</c> and <c>strength</c> and no other member.</summary>
    public static bool Loras(JsonElement json, [MaybeNullWhen(false)] out LoraList value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Array)
            return false;
        var loras = new List<LoraChoice>();
        foreach (var element in json.EnumerateArray())
        {
            if (!Lora(element, out var lora))
                return false;
            loras.Add(lora);
        }
        value = [.. loras];
        return true;
    }

    private static bool Lora(JsonElement json, [MaybeNullWhen(false)] out LoraChoice value)
    {
        value = null;
        if (Text(json, out var alone))
        {
            value = new LoraChoice(alone);
            return true;
        }
        if (json.ValueKind != JsonValueKind.Object)
            return false;
        string? path = null;
        var strength = 1.0;
        foreach (var member in json.EnumerateObject())
        {
            var isKnown = member.Name switch
            {
                "path" => Text(member.Value, out path),
                "strength" => Number(member.Value, out strength),
                _ => false,
            };
            if (!isKnown)
                return false;
        }
        value = path is null ? null : new LoraChoice(path, strength);
        return value is not null;
    }
}

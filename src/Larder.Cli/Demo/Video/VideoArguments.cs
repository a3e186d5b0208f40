using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Presets;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli.Demo.Video;

/// <summary>What <c>larder demo video</c> is asked for on the command line.</summary>
internal sealed class VideoArguments
{
    private const string DefaultPreset = "t2v_two_stages";

    private readonly Argument<string> _prompt = new("PROMPT")
    {
        Description = "What is to be seen; an empty one asks for nothing in particular",
        DefaultValueFactory = _ => "a red square moving right",
    };

    private readonly Option<string> _preset = new("--preset")
    {
        Description = "The preset: 'larder presets' lists them",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultPreset,
    };

    private readonly Option<string> _seed = new("--seed")
    {
        Description = "The seed of the noise: the same one gives the same clip",
        HelpName = "N",
        DefaultValueFactory = _ => PresetPorts.DefaultSeed.ToString(CultureInfo.InvariantCulture),
    };

    private readonly Option<string> _negative = new("--negative")
    {
        Description = "What is not to be seen",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string?> _steps = new("--steps")
    {
        Description = "The preset's option steps",
        HelpName = "N",
    };

    private readonly Option<string?> _guidance = new("--guidance")
    {
        Description = "The preset's option guidance",
        HelpName = "N",
    };

    private readonly Option<string[]> _loras = new("--lora")
    {
        Description =
            "A LoRA, by its file or by its name among those of the sample models, and how strongly; may be given again",
        HelpName = "FILE[=STRENGTH]",
    };

    private readonly Option<string[]> _keyframes = new("--keyframe")
    {
        Description = "A picture that the clip is held to, a PNG file, and where it stands; may be given again",
        HelpName = "FRAME=PICTURE",
    };

    private readonly Option<string[]> _options = new("--option")
    {
        Description = "Any option of the preset: 'larder presets NAME' lists them; may be given again",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string?> _models = new("--models")
    {
        Description = "The models, a reference to a directory with a model.json [default: the sample models]",
        HelpName = "REF",
    };

    public void AddTo(Command command)
    {
        command.Add(_prompt);
        foreach (
            var option in new Option[]
            {
                _preset,
                _seed,
                _negative,
                _steps,
                _guidance,
                _loras,
                _keyframes,
                _options,
                _models,
            }
        )
            command.Add(option);
    }

    /// <summary>What is asked for.</summary>
    /// <exception cref="UsageException">It makes no sense.</exception>
    /// <exception cref="Diffusion.DiffusionException">There is no such preset, or no such option of it.</exception>
    public VideoRequest Read(CommandContext context)
    {
        var result = context.Result;
        var preset = VideoPresets.Get(result.GetRequiredValue(_preset));
        var options = preset.ReadOptions(OptionsOf(result));
        // What is wrong with their values, before anything is done.
        preset.Needs(options);
        return new VideoRequest
        {
            Prompt = result.GetRequiredValue(_prompt),
            NegativePrompt = result.GetRequiredValue(_negative),
            Seed = Amounts.Whole("--seed", result.GetRequiredValue(_seed), long.MinValue, long.MaxValue),
            Preset = preset,
            Options = options,
            Keyframes = KeyframesOf(preset, result.GetValue(_keyframes) ?? []),
            Models = ModelsOf(context, result.GetValue(_models)),
        };
    }

    private JsonElement OptionsOf(ParseResult result)
    {
        var options = new JsonObject();
        if (result.GetValue(_steps) is { } steps)
            options["steps"] = ValueOf(steps);
        if (result.GetValue(_guidance) is { } guidance)
            options["guidance"] = ValueOf(guidance);
        if (result.GetValue(_loras) is { Length: > 0 } loras)
            options["loras"] = new JsonArray([.. loras.Select(LoraOf)]);
        foreach (var option in result.GetValue(_options) ?? [])
        {
            if (option.Split('=', 2) is not [{ Length: > 0 } name, var value])
                throw new UsageException(
                    $"'{option}' is no option of a preset: give NAME=VALUE, such as schedule=distilled."
                );
            if (!options.TryAdd(name, ValueOf(value)))
                throw new UsageException($"The option '{name}' is given twice.");
        }
        using var json = JsonDocument.Parse(options.ToJsonString());
        return json.RootElement.Clone();
    }

    // As in JSON, and whatever is none is a text.
    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static JsonNode LoraOf(string text)
    {
        var place = text.LastIndexOf('=');
        var (file, strength) =
            place >= 0
            && double.TryParse(text[(place + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? (text[..place], number)
                : (text, 1.0);
        return new JsonObject { ["path"] = SampleVideo.FindLora(file), ["strength"] = strength };
    }

    private static IReadOnlyList<KeyframeFile> KeyframesOf(Preset preset, string[] keyframes)
    {
        if (preset.TakesKeyframes && keyframes.Length == 0)
            throw new UsageException(
                $"The preset '{preset.Name}' holds a clip to pictures: give at least one, such as --keyframe 0=start.png."
            );
        if (!preset.TakesKeyframes && keyframes.Length > 0)
            throw new UsageException(
                $"The preset '{preset.Name}' takes no keyframes. These do: {string.Join(", ", VideoPresets.All.Where(other => other.TakesKeyframes))}."
            );
        return [.. keyframes.Select(KeyframeFile.Parse)];
    }

    private static VideoModelRequest ModelsOf(CommandContext context, string? models) =>
        models is null
            // They came with the command, so no network is needed for them.
            ? new VideoModelRequest(ModelReference.OfPath(SampleVideo.Path))
            : new VideoModelRequest(References.Parse(models))
            {
                Pull = new PullOptions { Offline = context.Configuration.Offline },
            };
}

using System.CommandLine;
using Larder.Baking;
using Larder.Origins;
using Larder.Pull;
using Larder.Server;
using Larder.Server.Configuration;

namespace Larder.Cli;

/// <summary>The models that a command bakes: references, ids of the configuration, or a <c>model.json</c> of Practicus.</summary>
internal sealed class BakedModels
{
    private readonly Argument<string[]> _references = new("REF")
    {
        Description =
            "Model references, or ids of models in the configuration; NAME=REF names a model's directory. They are pulled if need be",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _modelJson = new("--model-json")
    {
        Description =
            "Take the model and its directory from download_files_from and download_files_to of this file; with --origin",
        HelpName = "FILE",
    };

    private readonly Option<string?> _origin = new("--origin")
    {
        Description = "Where download_files_from lies: s3://bucket/, az://account/container/, a directory",
        HelpName = "REF",
    };

    private readonly Option<bool> _offline = new("--offline")
    {
        Description = "No network: what is stored, or exit code 3",
    };

    private readonly Option<bool> _refresh = new("--refresh")
    {
        Description = "Ask the origin even if what is stored is fresh",
    };

    private readonly Selections _selections = new();

    public void AddTo(Command command)
    {
        command.Validators.Add(result =>
        {
            if (result.GetValue(_references) is not { Length: > 0 } == result.GetValue(_modelJson) is null)
                result.AddError("Name the models: either REF…, or --model-json with --origin.");
        });
        command.Add(_references);
        command.Add(_modelJson);
        command.Add(_origin);
        command.Add(_offline);
        command.Add(_refresh);
        _selections.AddTo(command);
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">It makes no sense.</exception>
    public WantedModels Read(CommandContext context)
    {
        var result = context.Result;
        var (file, origin) = (result.GetValue(_modelJson), result.GetValue(_origin));
        if (file is null != origin is null)
            throw new UsageException(
                "--model-json and --origin go together: the first names files below the place that the second names."
            );
        var isOffline = result.GetValue(_offline) || context.Configuration.Offline;
        var pull = _selections.Read(result) with { Offline = isOffline, Refresh = result.GetValue(_refresh) };
        if (file is not null)
        {
            var model = PracticusModel.Read(file);
            return new WantedModels([(model.At(References.Parse(origin!)), pull, model.From)])
            {
                Layout = BakeLayout.Files,
                Path = model.To,
            };
        }
        return new WantedModels([
            .. result.GetValue(_references)!.Select(text => ModelOf(context.Configuration, text, pull, result)),
        ]);
    }

    private (ModelReference Reference, PullOptions Pull, string? Name) ModelOf(
        LarderConfiguration configuration,
        string text,
        PullOptions pull,
        ParseResult result
    )
    {
        if (configuration.Models.TryGetValue(text, out var served))
            // As a server pulls it, so that the server finds what was baked.
            return _selections.AreGiven(result)
                ? throw new UsageException(
                    $"The files of '{text}' are chosen by the configuration. Leave --include, --exclude and --unpack out, or bake {served.From} itself."
                )
                : (served.From, served.Pull with { Offline = pull.Offline, Refresh = pull.Refresh }, text);
        // No reference has a '=' before its scheme or its first slash.
        var split = text.Split('=', 2);
        if (split.Length == 2 && ModelId.IsValid(split[0]))
            return (References.Parse(split[1]), pull, split[0]);
        if (ModelId.IsValid(text))
            throw new UsageException(
                $"'{text}' is no model reference, and no model of the configuration. Name a reference such as ./models/{text}/."
            );
        return (References.Parse(text), pull, null);
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Baking;
using Larder.Cli.Output;
using Larder.Content;

namespace Larder.Cli.Commands;

/// <summary><c>larder bake REF…</c>: puts models into an image archive, or checks that one has them.</summary>
internal static class BakeCommand
{
    public static Command Create(GlobalOptions options)
    {
        var models = new BakedModels();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The archive to write; what stands there is replaced when the new one is whole",
            HelpName = "FILE.tar",
        };
        var check = new Option<string?>("--check")
        {
            Description = "Write nothing: tell whether this archive has the models, with exit code 4 if it has not",
            HelpName = "IMAGE.tar",
        };
        var baseArchive = new Option<string?>("--base")
        {
            Description = "An archive to put the models on top of: its layers and its configuration are kept",
            HelpName = "BASE.tar",
        };
        var path = new Option<string?>("--path")
        {
            Description = "The directory in the image [default: /opt/models; with --model-json download_files_to]",
            HelpName = "DIR",
        };
        var layout = new Option<string?>("--layout")
        {
            Description =
                "store: a store for store.lower of a server in the image; files: a directory for each model [default: store; with --model-json files]",
            HelpName = "store|files",
        };
        var platform = new Option<string?>("--platform")
        {
            Description = "The image's platform [default: the base's where it has one only, else linux/amd64]",
            HelpName = "OS/ARCH",
        };
        var tag = new Option<string?>("--tag")
        {
            Description = "The name that engines give the image when they load it",
            HelpName = "NAME",
        };
        var environment = new Option<string[]>("--env")
        {
            Description = "A variable for what runs in the image; may be given several times",
            HelpName = "NAME=VALUE",
        };
        var command = new Command(
            "bake",
            "Put models into a container image without an engine, or check that one has them"
        )
        {
            output,
            check,
            baseArchive,
            path,
            layout,
            platform,
            tag,
            environment,
        };
        models.AddTo(command);
        command.Validators.Add(result =>
        {
            // Whether they are there, not what they say: one without its value has an error already, and none to read.
            if (result.GetResult(output) is null == result.GetResult(check) is null)
                result.AddError("Say what to do: either --output FILE.tar, or --check IMAGE.tar.");
            else if (
                result.GetResult(check) is not null
                && (result.GetResult(baseArchive) ?? result.GetResult(tag) ?? result.GetResult(environment)) is not null
            )
                result.AddError("--base, --tag and --env are for an image that is written, and --check writes none.");
        });
        return command.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var result = context.Result;
                var wanted = models.Read(context);
                var baked = new BakeOptions
                {
                    Layout = LayoutOf(result.GetValue(layout)) ?? wanted.Layout ?? BakeLayout.Store,
                    Path = result.GetValue(path) ?? wanted.Path ?? BakeOptions.DefaultPath,
                    BaseArchive = result.GetValue(baseArchive),
                    Platform = result.GetValue(platform),
                    Tag = result.GetValue(tag),
                    Environment = result.GetValue(environment) ?? [],
                };
                using var cache = context.OpenCache();
                using var pulled = await wanted.PullAsync(context, cache, cancellationToken);
                try
                {
                    return result.GetValue(check) is { } image
                        ? await CheckAsync(
                            context,
                            image,
                            pulled.Models,
                            new ImageCheckOptions
                            {
                                Layout = LayoutOf(result.GetValue(layout)) ?? wanted.Layout,
                                Path = baked.Path,
                                Platform = baked.Platform,
                            },
                            cancellationToken
                        )
                        : await BakeAsync(
                            context,
                            cache,
                            pulled.Models,
                            result.GetRequiredValue(output)!,
                            baked,
                            cancellationToken
                        );
                }
                catch (ArgumentException wrong)
                {
                    throw new UsageException(wrong.Message.Split(" (Parameter '")[0]);
                }
            }
        );
    }

    private static BakeLayout? LayoutOf(string? text) =>
        text switch
        {
            null => null,
            "store" => BakeLayout.Store,
            "files" => BakeLayout.Files,
            _ => throw new UsageException($"--layout is '{text}'; store and files are possible."),
        };

    private static async Task<int> BakeAsync(
        CommandContext context,
        ModelCache cache,
        IReadOnlyList<BakeModel> models,
        string path,
        BakeOptions options,
        CancellationToken cancellationToken
    )
    {
        var result = await WriteAsync();
        if (context.Json)
            Terminal.Json(json => WriteJson(json, result));
        else
            WriteText(context, result);
        await cache.FlushAsync(cancellationToken);
        return ExitCode.Done;

        async Task<BakeResult> WriteAsync()
        {
            // Ended before the answer is written: a bar that ends clears the lines where it was.
            await using var display = context.Quiet ? null : new TransferDisplay(path, "layers");
            return await cache.BakeAsync(models, path, options with { Progress = display }, cancellationToken);
        }
    }

    private static async Task<int> CheckAsync(
        CommandContext context,
        string path,
        IReadOnlyList<BakeModel> models,
        ImageCheckOptions options,
        CancellationToken cancellationToken
    )
    {
        var check = await ReadAsync();
        if (context.Json)
            Terminal.Json(json => WriteJson(json, check));
        else
            WriteText(check);
        return check.IsSatisfied ? ExitCode.Done : ExitCode.VerificationFailed;

        async Task<ImageCheck> ReadAsync()
        {
            await using var display = context.Quiet ? null : new TransferDisplay(path, "layers");
            return await ImageCheck.RunAsync(path, models, options with { Progress = display }, cancellationToken);
        }
    }

    private static void WriteText(CommandContext context, BakeResult result)
    {
        if (!context.Quiet)
        {
            foreach (var layer in result.Layers)
                Terminal.Message(
                    $"{layer.Digest.ToString()[..12]}  {Sizes.Bytes(layer.SizeBytes), 8}  {layer.Content ?? "of the base"}"
                );
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Path}: {result.Layers.Count} layers, {Sizes.Bytes(result.SizeBytes)}"
                )
            );
        }
        Terminal.Answer($"sha256:{result.Digest}");
    }

    private static void WriteJson(Utf8JsonWriter json, BakeResult result)
    {
        json.WriteStartObject();
        json.WriteString("path", result.Path);
        json.WriteString("digest", NameOf(result.Digest));
        json.WriteNumber("bytes", result.SizeBytes);
        json.WriteNumber("layers", result.Layers.Count);
        json.WriteNumber("base_layers", result.Layers.Count(layer => layer.Content is null));
        json.WriteStartArray("layer_list");
        foreach (var layer in result.Layers)
        {
            json.WriteStartObject();
            json.WriteString("digest", NameOf(layer.Digest));
            json.WriteNumber("bytes", layer.SizeBytes);
            json.WriteString("content", layer.Content);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(ImageCheck check)
    {
        foreach (var model in check.Models)
        {
            foreach (var finding in model.Findings)
                Terminal.Answer($"{FaultOf(finding)}  {PlainText.Of(finding.Path)} {finding.Explanation}");
            Terminal.Answer(
                model.Findings.Count == 0
                    ? $"{model.Reference}: all of version {model.Digest.ToString()[..12]} is in the image; nothing to download"
                    : $"{model.Reference}: version {model.Digest.ToString()[..12]} is not in the image; {Sizes.Bytes(model.BytesToDownload)} to download"
            );
        }
    }

    private static void WriteJson(Utf8JsonWriter json, ImageCheck check)
    {
        json.WriteStartObject();
        json.WriteString("image", check.Path);
        json.WriteString("digest", NameOf(check.Digest));
        json.WriteBoolean("satisfied", check.IsSatisfied);
        json.WriteNumber("bytes_to_download", check.Models.Sum(model => model.BytesToDownload));
        json.WriteStartArray("models");
        foreach (var model in check.Models)
        {
            json.WriteStartObject();
            json.WriteString("reference", model.Reference.Text);
            json.WriteString("digest", model.Digest.ToString());
            json.WriteBoolean("satisfied", model.Findings.Count == 0);
            json.WriteNumber("files", model.Files);
            json.WriteNumber("bytes_to_download", model.BytesToDownload);
            json.WriteStartArray("findings");
            foreach (var finding in model.Findings)
            {
                json.WriteStartObject();
                json.WriteString("path", finding.Path);
                json.WriteString("fault", FaultOf(finding));
                json.WriteString("explanation", finding.Explanation);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string FaultOf(ImageFinding finding) => finding.Fault.ToString().ToLowerInvariant();

    private static string NameOf(Digest digest) => $"sha256:{digest}";
}

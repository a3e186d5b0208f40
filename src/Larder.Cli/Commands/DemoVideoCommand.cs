using System.CommandLine;
using Larder.Cli.Demo.Video;
using Larder.Cli.Output;
using Larder.Diffusion.Pictures;

namespace Larder.Cli.Commands;

/// <summary><c>larder demo video PROMPT</c>: a clip of a prompt, made twice, so that it shows what the caches have saved.</summary>
internal static class DemoVideoCommand
{
    private const int MostPictures = 1000;

    public static Command Create(GlobalOptions options)
    {
        var arguments = new VideoArguments();
        var output = new Option<string>("--output", "-o")
        {
            Description = "The clip, an animated PNG file; a strip of its pictures goes to FILE-strip.png",
            HelpName = "FILE.png",
            DefaultValueFactory = _ => "video.png",
        };
        var scale = new Option<string?>("--scale")
        {
            Description =
                "How many times as large the pictures are written [default: what makes small ones about 256 pixels]",
            HelpName = "N",
        };
        var strip = new Option<string>("--strip")
        {
            Description = "How many pictures the strip shows, from the first to the last",
            HelpName = "N",
            DefaultValueFactory = _ => "5",
        };
        var command = new Command("video", "Make a clip of a prompt, twice: the second time all is in memory");
        arguments.AddTo(command);
        command.Add(output);
        command.Add(scale);
        command.Add(strip);
        return command.Runs(
            options,
            async (context, cancellationToken) =>
            {
                // Before any work, and not after it.
                var files = VideoOutput.At(
                    context.Result.GetRequiredValue(output),
                    context.Result.GetValue(scale) is { } times
                        ? (int)Amounts.Whole("--scale", times, 1, Picture.MaxSide)
                        : null,
                    (int)Amounts.Whole("--strip", context.Result.GetRequiredValue(strip), 1, MostPictures)
                );
                var request = arguments.Read(context);
                await using var demo = new VideoDemo(context);
                var result = await demo.RunAsync(request, cancellationToken);
                var written = await files.WriteAsync(result.Pictures, result.PicturesPerSecond, cancellationToken);
                result = result with { Pictures = written };
                if (context.Json)
                    Terminal.Json(json => VideoDocument.Write(json, request, result, files));
                else
                    VideoView.Write(request, result, files);
                return ExitCode.Done;
            }
        );
    }
}

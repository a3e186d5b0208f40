using System.Text.Json;

namespace Larder.Cli.Demo.Video;

/// <summary>The demonstration for scripts.</summary>
internal static class VideoDocument
{
    public static void Write(Utf8JsonWriter json, VideoRequest request, VideoResult result, VideoOutput files)
    {
        json.WriteStartObject();
        json.WriteString("prompt", request.Prompt);
        json.WriteString("negative_prompt", request.NegativePrompt);
        json.WriteStartArray("words");
        foreach (var word in result.Words)
            json.WriteStringValue(word);
        json.WriteEndArray();
        json.WriteString("preset", request.Preset.Name);
        json.WriteNumber("seed", request.Seed);
        json.WriteString("models", request.Models.Reference.Text);
        json.WriteString("digest", result.Version.ToString());
        json.WriteString("output", files.Clip);
        json.WriteString("strip", files.Strip);
        json.WriteNumber("frames", result.Pictures.Count);
        json.WriteNumber("width", result.Pictures[0].Width);
        json.WriteNumber("height", result.Pictures[0].Height);
        json.WriteNumber("frames_per_second", result.PicturesPerSecond);
        json.WriteStartArray("runs");
        foreach (var run in result.Runs)
            Write(json, run);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VideoRun run)
    {
        json.WriteStartObject();
        json.WriteString("files", run.Files);
        json.WriteString("denoiser", run.Passes.Count == 0 ? run.DenoiserWithoutPasses : "variant");
        json.WriteStartArray("passes");
        foreach (var pass in run.Passes)
        {
            json.WriteStartObject();
            json.WriteString("name", pass.Name);
            json.WriteString("type", pass.Type);
            json.WriteString("source", VideoRun.SourceOf(pass));
            json.WriteNumber("seconds", Math.Round(pass.Seconds, 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("models", run.Models);
        json.WriteString("graph", run.Graph);
        json.WriteStartArray("nodes");
        foreach (var node in run.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteNumber("seconds", Seconds(node.Elapsed));
            json.WriteNumber("steps", node.Steps);
            json.WriteNumber("planned_steps", node.PlannedSteps);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("seconds");
        json.WriteNumber("files", Seconds(run.FilesTime));
        json.WriteNumber("denoiser", Seconds(run.DenoiserTime));
        json.WriteNumber("load", Seconds(run.LoadTime));
        json.WriteNumber("run", Seconds(run.RunTime));
        json.WriteNumber("total", Seconds(run.TotalTime));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}

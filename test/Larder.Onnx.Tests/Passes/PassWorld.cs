using System.Text.Json.Nodes;
using Google.Protobuf;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Onnx.Passes;
using Larder.Passes;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

/// <summary>A model in a directory, and the directories that passes write theirs to.</summary>
internal sealed class PassWorld : IDisposable
{
    private readonly TempDirectory _directory = new();
    private int _runs;

    public PassWorld() => Directory.CreateDirectory(Input);

    /// <summary>The model that passes begin with.</summary>
    public string Input => _directory["input"];

    /// <summary>What the last pass said.</summary>
    public List<string> Log { get; } = [];

    public static IPass Pass(string name) => OnnxPasses.All().Single(pass => pass.Name == name);

    public static PassPlan Plan(string name, string options = "{}") =>
        Pass(name).Plan(new StepRequest(JsonNode.Parse(options)!.AsObject(), "$.passes[0].config", "/"));

    public static IReadOnlyList<string> FaultsOf(string name, string options) =>
        [
            .. Assert
                .Throws<WorkflowException>(() => Plan(name, options))
                .Faults.Select(fault => $"{fault.Path}: {fault.Message}"),
        ];

    public PassWorld With(OnnxWriter model, string file = "model.onnx") => With(file, model.ToArray());

    public PassWorld With(ModelProto model, string file = "model.onnx") => With(file, model.ToByteArray());

    public PassWorld With(string file, byte[] bytes)
    {
        var path = Path.Combine(Input, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    /// <summary>Runs a pass, and checks that it left its input as it was.</summary>
    /// <returns>The directory of its output.</returns>
    public async Task<string> RunAsync(string name, string options = "{}", string? input = null)
    {
        input ??= Input;
        Log.Clear();
        var output = _directory[$"output-{++_runs}"];
        var work = _directory[$"work-{_runs}"];
        Directory.CreateDirectory(output);
        Directory.CreateDirectory(work);
        var manifest = ManifestOf(input);
        var run = new PassRun
        {
            InputPath = input,
            Input = manifest,
            OutputPath = output,
            WorkPath = work,
            Log = Log.Add,
        };
        await Plan(name, options).RunAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(manifest.Digest, ManifestOf(input).Digest);
        return output;
    }

    public async Task<PassException> FailureOfAsync(string name, string options = "{}") =>
        await Assert.ThrowsAsync<PassException>(() => RunAsync(name, options));

    public static Manifest ManifestOf(string directory) =>
        Manifest.Create(
            Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Select(path => new ManifestFile(
                    Path.GetRelativePath(directory, path),
                    new FileInfo(path).Length,
                    Digest.Of(File.ReadAllBytes(path))
                ))
        );

    public static IEnumerable<string> FilesIn(string directory) =>
        ManifestOf(directory).Files.Select(file => file.Path);

    public static ModelProto Read(string directory, string file = "model.onnx") =>
        ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(directory, file)));

    /// <summary>What the model of a directory answers in the real runtime.</summary>
    public static async Task<IReadOnlyDictionary<string, Tensor>> AnswerAsync(
        string directory,
        IReadOnlyDictionary<string, Tensor> inputs,
        string file = "model.onnx"
    )
    {
        await using var model = OnnxModel.Load(Path.Combine(directory, file));
        return model.Run(inputs, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _directory.Dispose();
}

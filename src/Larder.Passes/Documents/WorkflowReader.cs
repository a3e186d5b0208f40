using System.Text.Json;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Passes.Documents;

/// <summary>Reads a document into a workflow, and collects all that is wrong with it.</summary>
/// <param name="baseDirectory">The directory that relative paths begin at, absolute.</param>
internal sealed class WorkflowReader(string baseDirectory)
{
    /// <summary>As deep as the values of a key may lie in each other.</summary>
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = MaxDepth,
    };

    private readonly List<WorkflowFault> _faults = [];

    /// <summary>Reads a document.</summary>
    /// <exception cref="WorkflowException">It is no workflow: all that is wrong with it.</exception>
    public static Workflow Read(ReadOnlyMemory<byte> utf8, string baseDirectory)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(WithoutMark(utf8), Lenient);
        }
        catch (JsonException wrong)
        {
            throw new WorkflowException([new WorkflowFault("$", $"It is no JSON: {wrong.Message}")]);
        }
        using (document)
            return new WorkflowReader(baseDirectory).Read(document.RootElement);
    }

    private Workflow Read(JsonElement element)
    {
        WorkflowShape.Document.Check(element, "$", _faults);
        var root = new Node(element, "$");
        var input = Input(root);
        List<WorkflowPass> passes =
        [
            .. root.Items(WorkflowShape.Passes)
                .Select(pass => new WorkflowPass(NameOf(pass), TypeOf(pass), pass.Copy(WorkflowShape.Config))),
        ];
        List<WorkflowEvaluation> evaluations =
        [
            .. root.Items(WorkflowShape.Evaluations)
                .Select(step => new WorkflowEvaluation(NameOf(step), TypeOf(step), step.Copy(WorkflowShape.Config))
                {
                    Of = step.Text(WorkflowShape.Of),
                }),
        ];
        FindRepeated(WorkflowShape.Passes, [.. passes.Select(pass => pass.Name)]);
        FindRepeated(WorkflowShape.Evaluations, [.. evaluations.Select(evaluation => evaluation.Name)]);
        FindUnknownPasses(evaluations, passes);
        var output = Output(root);
        var shared = new SharingReader(baseDirectory, _faults).Read(root);
        return _faults.Count > 0
            ? throw new WorkflowException(_faults)
            : new Workflow
            {
                Input = input!,
                Passes = passes,
                Evaluations = evaluations,
                Output = output,
                Shared = shared,
                BaseDirectory = baseDirectory,
            };
    }

    private static string TypeOf(Node step) => step.Text(WorkflowShape.Type) ?? "";

    private static string NameOf(Node step) => step.Text(WorkflowShape.Name) ?? TypeOf(step);

    private WorkflowInput? Input(Node root)
    {
        if (root.Object(WorkflowShape.Input) is not { } input)
            return root.Text(WorkflowShape.Input) is { } text
                ? Reference(text, root.At(WorkflowShape.Input)) is { } plain
                    ? new WorkflowInput(plain)
                    : null
                : null;
        var include = Patterns(input, WorkflowShape.Include);
        var exclude = Patterns(input, WorkflowShape.Exclude);
        Digest? digest =
            input.Text(WorkflowShape.Digest) is { } hex && Digest.TryParse(hex, out var parsed) ? parsed : null;
        return
            input.Text(WorkflowShape.Reference) is { } where
            && Reference(where, input.At(WorkflowShape.Reference)) is { } reference
            ? new WorkflowInput(reference)
            {
                Include = include,
                Exclude = exclude,
                Digest = digest,
            }
            : null;
    }

    private ModelReference? Reference(string text, string path)
    {
        try
        {
            var reference = DocumentPath.IsUri(text)
                ? ModelReference.Parse(text)
                : ModelReference.OfPath(DocumentPath.Resolve(text, baseDirectory));
            if (DocumentSecret.IsIn(reference) is { } secret)
                _faults.Add(
                    new WorkflowFault(
                        path,
                        $"'{reference}' has {secret} in it, and a workflow is shared. Take it out, and give it in the environment, as for 'larder pull'."
                    )
                );
            return reference;
        }
        catch (ReferenceException wrong)
        {
            _faults.Add(new WorkflowFault(path, wrong.Message));
        }
        catch (ArgumentException)
        {
            _faults.Add(new WorkflowFault(path, $"{Printable.Quote(text)} is neither a reference nor a path."));
        }
        return null;
    }

    private List<string> Patterns(Node input, string name)
    {
        var patterns = input.Texts(name).ToList();
        _faults.AddRange(
            from pattern in patterns
            let fault = Glob.FaultIn(pattern.Text)
            where fault is not null
            select new WorkflowFault(
                pattern.Path,
                $"{Printable.Quote(pattern.Text)} is no pattern for files: it {fault}."
            )
        );
        return [.. patterns.Select(pattern => pattern.Text)];
    }

    private void FindRepeated(string list, List<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var first = names.IndexOf(names[i]);
            if (first == i || names[i].Length == 0)
                continue;
            _faults.Add(
                new WorkflowFault(
                    $"$.{list}[{i}].{WorkflowShape.Name}",
                    $"{Printable.Quote(names[i])} is also what $.{list}[{first}] is called: give each of them a '{WorkflowShape.Name}' of its own."
                )
            );
        }
    }

    private void FindUnknownPasses(List<WorkflowEvaluation> evaluations, List<WorkflowPass> passes)
    {
        var names = passes.Select(pass => pass.Name).ToList();
        for (var i = 0; i < evaluations.Count; i++)
        {
            if (evaluations[i].Of is not { } of || names.Contains(of, StringComparer.Ordinal))
                continue;
            var hint =
                NearestName.Of(of, names) is { } nearest ? $"Did you mean '{nearest}'?"
                : names.Count == 0 ? "There are none: leave it out to measure the input."
                : $"There are {string.Join(", ", names)}.";
            _faults.Add(
                new WorkflowFault(
                    $"$.{WorkflowShape.Evaluations}[{i}].{WorkflowShape.Of}",
                    $"No pass is called {Printable.Quote(of)}. {hint}"
                )
            );
        }
    }

    private string? Output(Node root)
    {
        if (root.Text(WorkflowShape.Output) is not { } text)
            return null;
        var path = root.At(WorkflowShape.Output);
        if (DocumentPath.IsUri(text))
        {
            _faults.Add(new WorkflowFault(path, "It is a URI; a directory of this machine is expected."));
            return null;
        }
        try
        {
            return DocumentPath.Resolve(text, baseDirectory);
        }
        catch (ArgumentException)
        {
            _faults.Add(new WorkflowFault(path, $"{Printable.Quote(text)} is no path."));
            return null;
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}

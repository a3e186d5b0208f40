using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>Workflows as JSON documents, by <c>docs/workflow.schema.json</c>; comments and trailing commas are read over.</summary>
public static class WorkflowDocument
{
    /// <summary>The most bytes that a document may have.</summary>
    public const int MaxSizeBytes = 1 << 20;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a file; relative paths in it begin at its directory.</summary>
    /// <exception cref="WorkflowException">It cannot be read, or is no workflow: all that is wrong with it.</exception>
    public static Workflow Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        try
        {
            using var file = File.OpenRead(full);
            // What grows without end, such as a device, is not read to its end.
            var bytes = new byte[MaxSizeBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Read(bytes.AsMemory(0, length), Path.GetDirectoryName(full)!);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WorkflowException([new WorkflowFault("$", $"There is no file '{full}'.")]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkflowException([new WorkflowFault("$", $"'{full}' cannot be read: {failure.Message}")]);
        }
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="baseDirectory">The directory that relative paths in it begin at.</param>
    /// <exception cref="WorkflowException">It is no workflow: all that is wrong with it.</exception>
    public static Workflow Parse(string json, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(baseDirectory);
        return Read(Encoding.UTF8.GetBytes(json), Path.GetFullPath(baseDirectory));
    }

    /// <summary>Writes a workflow as a document that reads back as the same one, where its paths begin at the same directory.</summary>
    /// <exception cref="WorkflowException">The workflow makes no sense: all that is wrong with it.</exception>
    public static string Write(Workflow workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var json = WorkflowWriter.ToJson(workflow).ToJsonString(Indented) + "\n";
        // A workflow that was made in code has been through no check yet, and may hold a secret.
        Parse(json, workflow.BaseDirectory);
        return json;
    }

    /// <summary>The JSON schema of documents.</summary>
    public static string WriteSchema() => WorkflowShape.ToSchema().ToJsonString(Indented) + "\n";

    internal static Workflow Read(JsonObject document, string baseDirectory) =>
        Parse(document.ToJsonString(), baseDirectory);

    private static Workflow Read(ReadOnlyMemory<byte> utf8, string baseDirectory) =>
        utf8.Length <= MaxSizeBytes
            ? WorkflowReader.Read(utf8, baseDirectory)
            : throw new WorkflowException([
                new WorkflowFault("$", $"It has more than {MaxSizeBytes} bytes, the most of a workflow."),
            ]);
}

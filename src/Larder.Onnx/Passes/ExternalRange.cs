using System.Globalization;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>The part of a file beside a model that holds the elements of one tensor, checked to be there.</summary>
/// <param name="File">The file, as the manifest of the model calls it.</param>
/// <param name="Path">The same, as an absolute path.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal sealed record ExternalRange(string File, string Path, long Offset, long Length)
{
    /// <summary>Finds the part that a tensor names.</summary>
    /// <param name="run">The model.</param>
    /// <param name="modelFile">The model's file, whose directory the tensor's path is relative to.</param>
    /// <param name="tensor">A tensor whose elements lie in another file.</param>
    /// <exception cref="PassException">The part is not within a file of the model, or not as long as the tensor.</exception>
    public static ExternalRange Of(PassRun run, string modelFile, TensorProto tensor)
    {
        var entries = Entries(modelFile, tensor);
        if (!entries.TryGetValue("location", out var location))
            throw Refused(modelFile, tensor, "names no file");
        // Before anything is asked of the file system: what is no plain path below the model is not even looked at.
        if (ManifestPath.FaultIn(location) is { } fault)
            throw Refused(modelFile, tensor, $"names the file {Printable.Quote(location)}, which {fault}");
        var slash = modelFile.LastIndexOf('/');
        var file = modelFile[..(slash + 1)] + location;
        var size =
            run.Input.Files.FirstOrDefault(known => known.Path == file)?.SizeBytes
            ?? throw Refused(modelFile, tensor, $"names {Printable.Quote(file)}, which is no file of the model");

        var offset = Number(modelFile, tensor, entries, "offset") ?? 0;
        if (offset > size)
            throw Refused(modelFile, tensor, $"begins at byte {offset} of '{file}', which has {size} bytes");
        var length = Number(modelFile, tensor, entries, "length") ?? size - offset;
        if (length > size - offset)
            throw Refused(
                modelFile,
                tensor,
                $"wants {length} bytes from byte {offset} of '{file}', which has {size} bytes"
            );
        var wanted = ElementSize.Of(tensor.DataType, tensor.Dims);
        if (length != wanted)
            throw Refused(
                modelFile,
                tensor,
                wanted is null
                    ? "has elements that cannot lie in another file, or dimensions that make no sense"
                    : $"has {length} bytes in '{file}', but its dimensions and type want {wanted}"
            );
        return new ExternalRange(file, PlainPath(run, modelFile, tensor, file), offset, length);
    }

    private static Dictionary<string, string> Entries(string modelFile, TensorProto tensor)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalData)
        {
            // Readers differ in which of two they believe.
            if (!entries.TryAdd(entry.Key, entry.Value))
                throw Refused(modelFile, tensor, $"says {Printable.Quote(entry.Key)} twice");
        }
        return entries;
    }

    private static long? Number(
        string modelFile,
        TensorProto tensor,
        Dictionary<string, string> entries,
        string name
    ) =>
        !entries.TryGetValue(name, out var text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw Refused(modelFile, tensor, $"has the {name} {Printable.Quote(text)}, which is no number of bytes");

    // A link below the model's directory could lead out of it.
    private static string PlainPath(PassRun run, string modelFile, TensorProto tensor, string file)
    {
        var path = run.InputPath;
        foreach (var segment in file.Split('/'))
        {
            path = System.IO.Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null)
                throw Refused(modelFile, tensor, $"lies in '{file}', which is or goes through a symbolic link");
        }
        return path;
    }

    private static PassException Refused(string modelFile, TensorProto tensor, string what) =>
        new(
            PassFailure.Permanent,
            $"The tensor {Printable.Quote(tensor.Name)} of '{modelFile}' {what}. "
                + "Its data must lie within a file of the model, beside or below the model's own."
        );
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Larder.Content;
using Larder.Onnx;
using Larder.Onnx.Json;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Inference;

/// <summary>The answer to an inference request: a document, and behind it the bytes of the outputs that were asked for so.</summary>
/// <param name="ModelName">The id of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Id">The caller's own name of the request; null where he gave none.</param>
/// <param name="Outputs">What is answered, in this order.</param>
internal sealed record InferenceAnswer(
    string ModelName,
    Digest Version,
    string? Id,
    IReadOnlyList<(InferenceOutput Output, Tensor Tensor)> Outputs
)
{
    /// <summary>The header with the length of the document, where bytes stand behind it.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>Sends it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var behind = Outputs
            .Select(output => output.Output.IsBinary ? InferenceTensors.BytesOf(output.Tensor) : null)
            .ToList();
        var document = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(document))
            Write(json, behind);

        var response = context.Response;
        var isBinary = behind.Exists(bytes => bytes is not null);
        response.ContentType = isBinary ? "application/octet-stream" : "application/json";
        response.ContentLength = document.WrittenCount + behind.Sum(bytes => (long?)bytes?.Length ?? 0);
        if (isBinary)
            response.Headers[HeaderLength] = document.WrittenCount.ToString(CultureInfo.InvariantCulture);
        await response.BodyWriter.WriteAsync(document.WrittenMemory, context.RequestAborted);
        foreach (var bytes in behind.OfType<byte[]>())
            await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, List<byte[]?> behind)
    {
        json.WriteStartObject();
        json.WriteString("model_name", ModelName);
        json.WriteString("model_version", Version.ToString());
        if (Id is not null)
            json.WriteString("id", Id);
        json.WriteStartArray("outputs");
        for (var i = 0; i < Outputs.Count; i++)
        {
            var (output, tensor) = Outputs[i];
            json.WriteStartObject();
            json.WriteString("name", output.Name);
            json.WriteString("datatype", InferenceDatatypes.NameOf(tensor.ElementType));
            json.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            if (behind[i] is { } bytes)
            {
                json.WriteStartObject("parameters");
                json.WriteNumber("binary_data_size", bytes.Length);
                json.WriteEndObject();
            }
            else
            {
                json.WritePropertyName("data");
                // One after the other, whatever the shape: what every client of the protocol reads.
                TensorWriter.Write(json, tensor, [tensor.Length]);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

using System.Text.Json;
using System.Text.Unicode;
using Larder.Content;

namespace Larder.Onnx.Loras;

/// <summary>What a safetensors file says is in it, checked against the rules of the format.</summary>
/// <remarks>
/// Files come from strangers. Each byte behind the header belongs to one tensor, so that no file can be something else as well;
/// no name stands twice, of which readers would choose different ones; no tensor reaches beyond the file.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaxBytes = 100_000_000;

    private const string MetadataName = "__metadata__";

    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader() { }

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    /// <summary>What else is said of them.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Reads a header.</summary>
    /// <param name="header">Its bytes, without the length before it.</param>
    /// <param name="dataBytes">How many bytes follow it in the file.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format: which, to be read after the file's name.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> header, long dataBytes)
    {
        if (!header.StartsWith("{"u8))
            throw new InvalidDataException("has a header that does not begin with '{'");
        // Only spaces may fill it up: the reader of JSON would take line ends and tabs as well.
        if (!header.TrimEnd((byte)' ').EndsWith("}"u8))
            throw new InvalidDataException("has a header that does not end with '}' and spaces");
        if (!Utf8.IsValid(header))
            throw new InvalidDataException("has a header that is not UTF-8");
        var read = new SafetensorsHeader();
        try
        {
            var json = new Utf8JsonReader(header);
            json.Read();
            read.ReadAll(ref json);
            json.Read();
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"has a header that is no JSON: {wrong.Message}", wrong);
        }
        // Half of a pair of UTF-16, written as \u: no text.
        catch (InvalidOperationException wrong)
        {
            throw new InvalidDataException("has a header with a text that is not Unicode", wrong);
        }
        read.RequireWhole(dataBytes);
        return read;
    }

    private void ReadAll(ref Utf8JsonReader json)
    {
        var hasMetadata = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name != MetadataName)
                AddOnce(_tensors, name, ReadTensor(ref json, name));
            else if (hasMetadata)
                throw Twice(name);
            else
            {
                hasMetadata = true;
                ReadMetadata(ref json);
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Require(json.TokenType == JsonTokenType.StartObject, $"'{MetadataName}' is no object of texts");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            Require(json.TokenType == JsonTokenType.String, $"'{MetadataName}' is no object of texts");
            AddOnce(_metadata, name, json.GetString()!);
        }
    }

    private static SafetensorsTensor ReadTensor(ref Utf8JsonReader json, string name)
    {
        var shown = Printable.Quote(name);
        Require(json.TokenType == JsonTokenType.StartObject, $"{shown} is no object");
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = json.GetString()!;
            json.Read();
            if (
                member switch
                {
                    "dtype" => (object?)type,
                    "shape" => shape,
                    "data_offsets" => offsets,
                    _ => null,
                }
                is not null
            )
                throw Twice($"{name}.{member}");
            switch (member)
            {
                case "dtype":
                    Require(json.TokenType == JsonTokenType.String, $"the dtype of {shown} is no text");
                    type = json.GetString()!;
                    break;
                case "shape":
                    shape = ReadNumbers(ref json, $"the shape of {shown}");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref json, $"the data_offsets of {shown}");
                    break;
                default:
                    throw new InvalidDataException(
                        $"has a header in which {shown} has the unknown member {Printable.Quote(member)}"
                    );
            }
        }
        Require(
            type is not null && shape is not null && offsets is not null,
            $"{shown} lacks dtype, shape or data_offsets"
        );
        Require(offsets!.Count == 2, $"the data_offsets of {shown} are not two numbers");
        return new SafetensorsTensor(name, type!, shape!, offsets[0], offsets[1]);
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader json, string what)
    {
        Require(json.TokenType == JsonTokenType.StartArray, $"{what} are no numbers");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var number = -1L;
            // Written with digits alone: neither 1.0 nor 1e3.
            Require(
                json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number) && number >= 0,
                $"{what} are not whole numbers from 0 to {long.MaxValue}"
            );
            numbers.Add(number);
        }
        return numbers;
    }

    // Without holes and overlaps, from the first byte to the last.
    private void RequireWhole(long dataBytes)
    {
        var end = 0L;
        foreach (var tensor in _tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            var shown = Printable.Quote(tensor.Name);
            if (SafetensorsType.Bits(tensor.Type) is not { } bits)
                throw new InvalidDataException(
                    $"has the tensor {shown} of the unknown type {Printable.Quote(tensor.Type)}"
                );
            if (tensor.Begin != end)
                throw new InvalidDataException(
                    $"has the tensor {shown} at byte {tensor.Begin}, where the one before it ends at {end}"
                );
            var wanted = SafetensorsType.Bytes(bits, tensor.Shape);
            if (tensor.End < tensor.Begin || tensor.End - tensor.Begin != wanted)
                throw new InvalidDataException(
                    $"has the tensor {shown} from byte {tensor.Begin} to {tensor.End}, but its type {tensor.Type} and shape "
                        + $"[{string.Join(", ", tensor.Shape)}] "
                        + (wanted is null ? "make no number of bytes" : $"want {wanted} bytes")
                );
            end = tensor.End;
        }
        if (end != dataBytes)
            throw new InvalidDataException($"has {dataBytes} bytes of data, of which its tensors are {end}");
    }

    private static void AddOnce<T>(Dictionary<string, T> values, string name, T value)
    {
        if (!values.TryAdd(name, value))
            throw Twice(name);
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new InvalidDataException($"has a header in which {otherwise}");
    }

    private static InvalidDataException Twice(string name) => new($"has a header with {Printable.Quote(name)} twice");
}

using System.Text;

namespace Larder.Server.Tests.Telemetry;

/// <summary>A message of protobuf, read as far as the fields that have a length.</summary>
internal sealed class OtlpMessage(byte[] bytes)
{
    /// <summary>Its bytes as text.</summary>
    public string Text => Encoding.UTF8.GetString(bytes);

    /// <summary>Its bytes in hexadecimal digits.</summary>
    public string Hex => Convert.ToHexStringLower(bytes);

    /// <summary>The messages at a path of field numbers.</summary>
    public IEnumerable<OtlpMessage> At(params int[] fields) =>
        fields.Aggregate<int, IEnumerable<OtlpMessage>>(
            [this],
            (found, field) => found.SelectMany(m => m.Field(field))
        );

    private List<OtlpMessage> Field(int wanted)
    {
        var found = new List<OtlpMessage>();
        for (var position = 0; position < bytes.Length; )
        {
            var tag = ReadNumber(ref position);
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(ref position);
                    break;
                case 1:
                    position += sizeof(long);
                    break;
                case 2:
                    var length = (int)ReadNumber(ref position);
                    if ((int)(tag >> 3) == wanted)
                        found.Add(new OtlpMessage(bytes[position..(position + length)]));
                    position += length;
                    break;
                case 5:
                    position += sizeof(int);
                    break;
                default:
                    throw new InvalidDataException($"No field of protobuf begins with {tag}.");
            }
        }
        return found;
    }

    private ulong ReadNumber(ref int position)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[position++];
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
                return number;
        }
    }
}

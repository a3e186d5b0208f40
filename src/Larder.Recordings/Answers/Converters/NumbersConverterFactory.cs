using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>The converters of arrays, lists and memory of numbers.</summary>
internal sealed class NumbersConverterFactory : JsonConverterFactory
{
    private static readonly Dictionary<Type, JsonConverter> All = [];

    static NumbersConverterFactory()
    {
        Add<bool>();
        Add<sbyte>();
        Add<short>();
        Add<ushort>();
        Add<int>();
        Add<uint>();
        Add<long>();
        Add<ulong>();
        Add<Half>();
        Add<float>();
        Add<double>();
    }

    public override bool CanConvert(Type typeToConvert) => All.ContainsKey(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        All[typeToConvert];

    private static void Add<T>()
        where T : unmanaged
    {
        Add<T[], T>(row => row, row => row);
        Add<Memory<T>, T>(row => row, row => row);
        Add<ReadOnlyMemory<T>, T>(row => row, row => row);
        Add<List<T>, T>(Exactly, row => [.. row]);
        // Whoever declares an interface cannot tell a list from another sequence; the serializer gives lists, too.
        Add<IEnumerable<T>, T>(row => row.ToArray(), row => row.ToList());
        Add<IReadOnlyCollection<T>, T>(row => row.ToArray(), row => row.ToList());
        Add<IReadOnlyList<T>, T>(row => row.ToArray(), row => row.ToList());
        Add<ICollection<T>, T>(row => row.ToArray(), row => row.ToList());
        Add<IList<T>, T>(row => row.ToArray(), row => row.ToList());
    }

    private static void Add<TRow, T>(Func<TRow, ReadOnlyMemory<T>> to, Func<T[], TRow> from)
        where T : unmanaged => All.Add(typeof(TRow), new NumbersConverter<TRow, T>(to, from));

    private static ReadOnlyMemory<T> Exactly<T>(List<T> row) =>
        row.GetType() == typeof(List<T>) ? row.ToArray() : throw AnswerContract.Derived(row, typeof(List<T>));
}

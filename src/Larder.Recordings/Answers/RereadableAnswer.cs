using System.Collections;
using System.Reflection;
using Larder.Recordings.Answers.Converters;

namespace Larder.Recordings.Answers;

/// <summary>What to give the caller of an answer that recording it would use up.</summary>
internal static class RereadableAnswer
{
    /// <summary>The answer, or a copy of it in memory.</summary>
    public static T Of<T>(T answer) =>
        answer switch
        {
            Stream { CanSeek: false } stream when typeof(T) == typeof(Stream) => (T)(object)Buffered(stream),
            IEnumerable items and not ICollection when typeof(T) == typeof(IEnumerable) => (T)
                (object)items.Cast<object?>().ToList(),
            not null when IsSequence(typeof(T)) => Listed<T>.Of(answer),
            _ => answer,
        };

    private static MemoryStream Buffered(Stream stream)
    {
        using (stream)
            return StreamBytes.Rest(stream);
    }

    private static bool IsSequence(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>);

    private static IEnumerable<TItem> InMemory<TItem>(IEnumerable<TItem> items) =>
        items is ICollection<TItem> or IReadOnlyCollection<TItem> ? items : [.. items];

    // Made once for each type of sequences.
    private static class Listed<T>
    {
        public static readonly Func<T, T> Of = typeof(RereadableAnswer)
            .GetMethod(nameof(InMemory), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(T).GetGenericArguments())
            .CreateDelegate<Func<T, T>>();
    }
}

using System.Numerics;

namespace Larder.Recordings.Answers;

/// <summary>The types of .NET whose values are a number, a text, or a yes or no in JSON.</summary>
internal static class PlainTypes
{
    /// <summary>Those that a dictionary may have as its names.</summary>
    public static readonly IReadOnlyList<Type> Names =
    [
        typeof(bool),
        typeof(char),
        typeof(sbyte),
        typeof(byte),
        typeof(short),
        typeof(ushort),
        typeof(int),
        typeof(uint),
        typeof(long),
        typeof(ulong),
        typeof(Int128),
        typeof(UInt128),
        typeof(Half),
        typeof(float),
        typeof(double),
        typeof(decimal),
        typeof(string),
        typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(TimeSpan),
        typeof(Guid),
        typeof(Uri),
        typeof(Version),
    ];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Type> Values = [.. Names, typeof(BigInteger)];
}
